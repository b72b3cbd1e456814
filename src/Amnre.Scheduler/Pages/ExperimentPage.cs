using Amnre.Jobs.Graph;
using Amnre.Jobs.Specs;
using Amnre.Jobs.Views;
using Amnre.Scheduler.Access;
using Amnre.Scheduler.Markup;

namespace Amnre.Scheduler.Pages;

/// <summary>One experiment: what runs, what went wrong, what is left, what is done.</summary>
internal static class ExperimentPage
{
    public const int Shown = 40;
    public static readonly string[] RunningColumns = ["Job", "Progress", "Figures", "Time left", "Worker", "Since"];
    public static readonly string[] OtherColumns = ["Job", "State", "Why", "Attempts", "Took"];
    private static readonly string[] FirstMetrics = ["loss", "v_loss", "lr", "epoch"];

    /// <summary>What the page tells of, most urgent first.</summary>
    public static readonly (string Title, JobState[] States)[] Sections =
    [
        ("Failed", [JobState.Failed]), ("Running", [JobState.Running]), ("Next", [JobState.Ready, JobState.Queued]),
        ("Waiting", [JobState.Waiting]),
        ("Done", [JobState.Succeeded, JobState.Reused]), ("Not run", [JobState.Skipped, JobState.Cancelled]),
    ];

    /// <param name="experiment">Whose page.</param>
    /// <param name="jobs">Of each section the first <see cref="Shown"/> jobs and one more where there are more.</param>
    /// <param name="warnings">Results that came out differently.</param>
    /// <param name="spent">Time of workers, by how attempts ended.</param>
    /// <param name="events">The last ones, newest first.</param>
    /// <param name="slowest">Seconds left of the slowest job under way; null when none is known.</param>
    /// <param name="now">The database's clock, UTC.</param>
    /// <param name="role">Of the reader.</param>
    public static Page Render(
        ExperimentSummary experiment, IReadOnlyList<IReadOnlyList<JobSnapshot>> jobs, IReadOnlyList<LedgerMessage> warnings,
        IReadOnlyList<SpentTime> spent, IReadOnlyList<EventLine> events, double? slowest, DateTime now, AccessRole role) =>
        ExperimentFrame.Page(experiment, "", Html.Of(
            $"""
            <p class="facts">{(experiment.Failed == 0 ? Html.None : Html.Of($"""<span class="bad" data-key="failed"><b>{experiment.Failed}</b> failed</span>"""))}
            <span>submitted {Wording.Instant(experiment.SubmittedAt)} UTC{(experiment.Owner.Length == 0 ? "" : $" by {experiment.Owner}")}</span>
            <span>{(experiment.FinishedAt is null ? "for" : "took")} {Wording.Duration((experiment.FinishedAt ?? now) - experiment.SubmittedAt)}</span>
            {(TimeLeft.Of(experiment, slowest, now) is { } left ? Html.Of($"""<span data-key="left" title="At the pace so far, and not before the slowest running job">about <b>{Wording.Duration(left)}</b> left</span>""") : Html.None)}</p>
            {ActionForms.Of(experiment, role)}
            {StateStrip.Strip(experiment)}
            {StateStrip.Words(experiment)}
            {warnings.Select(warning => Html.Of($"""<p class="warning" data-key="w{warning.Id}"><b>{warning.Kind}</b> {warning.Message}</p>"""))}
            {Sections.Select((section, i) => Section(experiment, section, jobs[i], now))}
            {SpentTable.Render(spent)}
            {EventsPage.Section(events, ExperimentFrame.Address(experiment, "/events"))}
            """));

    private static Html Section(ExperimentSummary experiment, (string Title, JobState[] States) section, IReadOnlyList<JobSnapshot> jobs,
        DateTime now)
    {
        if (jobs.Count == 0) return Html.None;
        var count = section.States.Sum(state => StateStrip.Count(experiment, state));
        var running = section.Title == "Running";
        var states = string.Join('&', section.States.Select(state => $"state={Wording.Word(state)}"));
        var more = count > Shown
            ? Html.Of($"""<p class="pager" data-key="all"><a href="{ExperimentFrame.Address(experiment, "/jobs")}?{states}">All {count} jobs</a></p>""") : Html.None;
        return Html.Of(
            $"""
            <section data-key="s-{section.Title}"><details{(count <= Shown || section.Title is "Failed" or "Running" ? Html.Of($" open") : Html.None)}><summary><h2>{section.Title}</h2><span class="quiet">{count}</span></summary>
            {Layout.Table(section.Title, running ? RunningColumns : OtherColumns, [.. jobs.Take(Shown)], Shown, job => $"j{job.Id}", job => running ? RunningCells(job, now) : OtherCells(job, now))}{more}</details></section>
            """);
    }

    public static Html RunningCells(JobSnapshot job, DateTime now)
    {
        var attempt = job.Attempt;
        var progress = attempt?.Progress;
        return Html.Of(
            $"""
            <td>{Name(job)}{(job.Attempts > 1 ? Html.Of($""" <span class="quiet">attempt {job.Attempts}</span>""") : Html.None)}</td>
            <td>{Layout.Bar(progress?.Fraction ?? 0)}<small>{(progress is null ? "starting" : $"{Wording.Count(progress.Done)} of {Wording.Count(progress.Total)} {progress.Unit}")}</small></td>
            <td class="metrics">{Metrics(progress)}</td>
            <td class="number">{Wording.Duration(progress?.SecondsLeft)}</td>
            <td><span class="host" title="{attempt?.Worker}">{attempt?.Host}</span>{Silence(attempt, now)}</td>
            <td class="number">{(attempt is null ? "" : Wording.Duration(now - attempt.StartedAt))}</td>
            """);
    }

    public static Html OtherCells(JobSnapshot job, DateTime now) => Html.Of(
        $"""
        <td>{Name(job)}</td>
        <td>{Layout.Badge(Wording.Word(job.State))}</td>
        <td class="why">{Why(job, now)}</td>
        <td class="number">{(job.Attempts == 0 ? "" : $"{job.Attempts}")}</td>
        <td class="number">{(job.Attempt is { EndedAt: { } ended } attempt && job.State.IsFinal ? Wording.Duration(ended - attempt.StartedAt) : "")}</td>
        """);

    private static Html Name(JobSnapshot job) => Html.Of(
        $"""<a href="/jobs/{job.Id}">{job.Name}</a> <span class="quiet kind">{Wording.Word(job.Kind)}</span>""");

    private static string Why(JobSnapshot job, DateTime now) => job switch
    {
        { State: JobState.Waiting } => $"waits for {job.Unmet} job{(job.Unmet == 1 ? "" : "s")}",
        { State: JobState.Ready, NotBefore: { } due } when due > now => $"{job.Reason}; again in {Wording.Duration(due - now)}",
        { State: JobState.Queued } => "next free worker takes it",
        { State: JobState.Ready, Reason: null } => "waits for a free worker",
        _ => job.Reason ?? "",
    };

    private static IEnumerable<Html> Metrics(ReportedProgress? progress) =>
        (progress?.Metrics ?? new Dictionary<string, double>())
            .OrderBy(metric => Array.IndexOf(FirstMetrics, metric.Key) is var place && place < 0 ? int.MaxValue : place)
            .ThenBy(metric => metric.Key, StringComparer.Ordinal)
            .Select(metric => Html.Of($"""<span data-key="m-{metric.Key}"><i>{metric.Key}</i> {Wording.Number(metric.Value)}</span>"""));

    private static Html Silence(AttemptSnapshot? attempt, DateTime now) => attempt is { EndedAt: null } && attempt.LeaseUntil < now
        ? Html.Of($""" <span class="badge suspected" title="its lease has run out">silent</span>""") : Html.None;
}
