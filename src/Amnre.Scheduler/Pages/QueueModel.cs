using Amnre.Jobs.Graph;
using Amnre.Jobs.Views;
using Amnre.Scheduler.Markup;

namespace Amnre.Scheduler.Pages;

/// <summary>What could begin now, in the order in which it goes first.</summary>
/// <param name="Jobs">One more than is shown where there are more.</param>
/// <param name="IsFirst">Whether this is the beginning.</param>
/// <param name="Now">UTC.</param>
public sealed record QueueModel(IReadOnlyList<QueueLine> Jobs, bool IsFirst, DateTime Now)
{
    /// <summary>Jobs on one page.</summary>
    public const int Shown = 100;

    /// <summary>Address of the next page; null on the last.</summary>
    public string? Next => Jobs.Count > Shown && Jobs[Shown - 1] is var last
        ? $"/queue?after={last.Place}"
        : null;

    /// <summary>Why a job does not run yet.</summary>
    public string Why(QueueLine job) => job switch
    {
        { State: JobState.Queued, PlacedOn: { } worker } => $"handed to {worker}",
        { State: JobState.Queued } => "handed out; the next free worker takes it",
        { Paused: true } => "its experiment is paused",
        { NotBefore: { } due } when due > Now =>
            $"waits out a back-off for {Wording.Duration(due - Now)}{(job.Reason is null ? "" : $": {job.Reason}")}",
        { Fits: false } => "no connected worker fits it",
        _ => "waits for a free worker that it fits",
    };

    public static string Needs(QueueLine job) => $"{job.Cpus} CPU{(job.Gpus > 0 ? $", {job.Gpus} GPU" : "")}";

    /// <summary>Of the experiment, and of the job where that differs.</summary>
    public static string Priority(QueueLine job) => job.Priority != 0 && job.Priority != job.ExperimentPriority
        ? $"{job.ExperimentPriority} / {job.Priority}"
        : $"{job.ExperimentPriority}";
}
