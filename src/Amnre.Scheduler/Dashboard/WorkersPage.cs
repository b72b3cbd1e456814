using Amnre.Jobs.Ledger;
using Amnre.Jobs.Views;
using Amnre.Scheduler.Hosting;

namespace Amnre.Scheduler.Dashboard;

/// <summary>Who works, and at what.</summary>
internal static class WorkersPage
{
    private const int Most = 1000;
    private const double SilentAfterSeconds = 30;
    private static readonly string[] Columns = ["Worker", "State", "Serves", "At work on", "Last heard", "Since"];

    public static Html Render(IReadOnlyList<WorkerSnapshot> workers, IReadOnlyList<SchedulerEntry> schedulers, DateTime now, AccessRole role) => Layout.Page("Workers", Html.Of(
        $"""
        <h1>Workers</h1>
        {(workers.Count == 0
            ? Html.Of($"""<p class="empty">Nobody is at work. Start one: <code>amnre worker</code></p>""")
            : Layout.Table("Workers", Columns, workers, Most, one => one.Id, one => Cells(one, now, role)))}
        <section data-key="schedulers"><h2>Schedulers</h2><ul class="plain">{schedulers.Select(one => Html.Of(
            $"""<li data-key="{one.Id}">{one.Id} {Layout.Badge(one.Leader ? "leads" : "stands by")} <span class="quiet">{one.Address}</span></li>"""))}</ul></section>
        """));

    private static Html Cells(WorkerSnapshot one, DateTime now, AccessRole role) => Html.Of(
        $"""
        <td>{one.Id}{(one.SlurmId is null ? Html.None : Html.Of($""" <span class="quiet">Slurm {one.SlurmId}{(one.EndsAt is { } end && end > now ? $", ends in {Wording.Duration(end - now)}" : "")}</span>"""))}{one.Gpus.Select(gpu => Html.Of($"""<br><span class="quiet">{gpu}</span>"""))}</td>
        <td>{Layout.Badge(one.SecondsSilent > SilentAfterSeconds ? "suspected" : one.Draining ? "draining" : one.Job is null ? "idle" : "running")}{ActionForms.Of(one, role)}</td>
        <td>{string.Join(", ", one.Kinds)}</td>
        <td>{(one.Job is null ? Html.None : Html.Of($"""<a href="/experiments/{one.ExperimentId}">{one.Experiment}</a>: {one.Job}"""))}</td>
        <td class="number">{Wording.Duration(one.SecondsSilent)} ago</td>
        <td class="number">{Wording.Duration(now - one.StartedAt)}</td>
        """);
}
