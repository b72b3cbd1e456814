using Amnre.Jobs.Graph;
using Amnre.Jobs.Views;
using Amnre.Scheduler.Markup;

namespace Amnre.Scheduler.Pages;

/// <summary>What could begin now, in the order in which it goes first, and why it does not run yet.</summary>
internal static class QueuePage
{
    public const int Shown = 100;
    private static readonly string[] Columns = ["Job", "State", "Why not yet", "Needs", "Priority"];

    /// <param name="jobs">One more than is shown where there are more.</param>
    /// <param name="first">Whether this is the beginning.</param>
    /// <param name="now">UTC.</param>
    public static Page Render(IReadOnlyList<QueueLine> jobs, bool first, DateTime now) => Layout.Page("Queue", Html.Of(
        $"""
        <h1>Queue</h1><p class="quiet">Jobs whose inputs are there. Each user of one priority goes in turn; what fits a worker may change the order.</p>
        {(jobs.Count == 0 ? Html.Of($"""<p class="empty" data-key="empty">{(first ? "Nothing waits for a worker." : "No more.")}</p>""")
            : Layout.Table("Queue", Columns, [.. jobs.Take(Shown)], Shown, job => $"j{job.Id}", job => Cells(job, now)))}
        {Layout.Pager(first ? null : "/queue", jobs.Count > Shown ? Next(jobs[Shown - 1]) : null)}
        """), place: "/queue");

    private static string Next(QueueLine last) => $"/queue?after={last.Place}";

    private static Html Cells(QueueLine job, DateTime now) => Html.Of(
        $"""
        <td><a href="/experiments/{job.ExperimentId}">{job.Experiment}</a>: <a href="/jobs/{job.Id}">{job.Name}</a></td>
        <td>{Layout.Badge(Wording.Word(job.State))}</td>
        <td class="why">{Why(job, now)}</td>
        <td class="number">{job.Cpus} CPU{(job.Gpus > 0 ? $", {job.Gpus} GPU" : "")}</td>
        <td class="number">{job.ExperimentPriority}{(job.Priority != 0 && job.Priority != job.ExperimentPriority ? $" / {job.Priority}" : "")}</td>
        """);

    private static string Why(QueueLine job, DateTime now) => job switch
    {
        { State: JobState.Queued, PlacedOn: { } worker } => $"handed to {worker}",
        { State: JobState.Queued } => "handed out; the next free worker takes it",
        { Paused: true } => "its experiment is paused",
        { NotBefore: { } due } when due > now =>
            $"waits out a back-off for {Wording.Duration(due - now)}{(job.Reason is null ? "" : $": {job.Reason}")}",
        { Fits: false } => "no connected worker fits it",
        _ => "waits for a free worker that it fits",
    };
}
