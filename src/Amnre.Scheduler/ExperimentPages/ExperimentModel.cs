using Amnre.Engine.Verdicts;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Views;
using Amnre.Scheduler.Markup;
using Amnre.Scheduler.Parts;

namespace Amnre.Scheduler.ExperimentPages;

/// <summary>One experiment: what failed, what runs, what is left, what is done.</summary>
/// <param name="Jobs">Of each section the first <see cref="Shown"/> jobs and one more where there are more.</param>
/// <param name="Warnings">Results that came out differently.</param>
/// <param name="Verdicts">On the models that it judges.</param>
/// <param name="Spent">Time of workers, by how attempts ended.</param>
/// <param name="Events">The last ones, newest first.</param>
/// <param name="Slowest">Seconds left of the slowest running job; null when none is known.</param>
/// <param name="Now">The database's clock, UTC.</param>
public sealed record ExperimentModel(
    ExperimentSummary Experiment, IReadOnlyList<IReadOnlyList<JobSnapshot>> Jobs, IReadOnlyList<LedgerMessage> Warnings,
    IReadOnlyList<ShownVerdict> Verdicts, IReadOnlyList<SpentTime> Spent, IReadOnlyList<EventLine> Events, double? Slowest, DateTime Now)
{
    /// <summary>Jobs of one section.</summary>
    public const int Shown = 40;

    /// <summary>States of the sections, most urgent first.</summary>
    internal static readonly (string Title, JobState[] States)[] Sections =
    [
        ("Failed", [JobState.Failed]), ("Running", [JobState.Running]), ("Next", [JobState.Ready, JobState.Queued]),
        ("Waiting", [JobState.Waiting]),
        ("Done", [JobState.Succeeded, JobState.Reused]), ("Not run", [JobState.Skipped, JobState.Cancelled, JobState.Pruned]),
    ];

    /// <summary>When it was submitted and by whom.</summary>
    public string Submitted =>
        $"{Wording.Instant(Experiment.SubmittedAt)} UTC{(Experiment.Owner.Length == 0 ? "" : $" by {Experiment.Owner}")}";

    /// <summary>From its submission to its end, or to now.</summary>
    public string Took => $"{(Experiment.FinishedAt is null ? "for" : "took")} " +
        Wording.Duration((Experiment.FinishedAt ?? Now) - Experiment.SubmittedAt);

    /// <summary>Null where nothing tells.</summary>
    public TimeSpan? Left => TimeLeft.Of(Experiment, Slowest, Now);
}

/// <summary>A verdict as the page of its experiment shows it.</summary>
/// <param name="Job">That measured it.</param>
/// <param name="Report">What it found.</param>
public sealed record ShownVerdict(long Job, string Name, VerdictReport Report)
{
    /// <summary>What speaks against the model, the gravest first.</summary>
    public IReadOnlyList<CheckResult> Against =>
        [.. Report.Checks.Where(check => check.Outcome != CheckOutcome.Pass).OrderByDescending(check => check.Outcome)];
}
