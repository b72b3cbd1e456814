using Amnre.Jobs.Allocations;
using Amnre.Jobs.Specs;
using Amnre.Jobs.Views;
using Amnre.Jobs.Workers;
using Amnre.Scheduler.Access;
using Amnre.Scheduler.Markup;

namespace Amnre.Scheduler.Pages;

/// <summary>Who works, and at what; allocations of batch systems and the schedulers.</summary>
internal static class WorkersPage
{
    private const int Most = 1000;
    private static readonly string[] Columns = ["Worker", "State", "Serves", "At work on", "Has", "Last heard", "Since"];
    private static readonly string[] AllocationColumns = ["Allocation", "Pool", "State", "Workers", "Submitted", "Ends"];

    public static Page Render(
        IReadOnlyList<WorkerSnapshot> workers, IReadOnlyList<Pool> pools, IReadOnlyList<Allocation> allocations,
        IReadOnlyList<SchedulerEntry> schedulers, DateTime now, AccessRole role) => Layout.Page("Workers", Html.Of(
        $"""
        <h1>Workers</h1>
        {(workers.Count == 0
            ? Html.Of($"""<p class="empty" data-key="empty">Nobody is at work. Start one: <code>amnre worker</code></p>""")
            : Html.Of($"""<p class="facts" data-key="facts"><span><b>{workers.Count(one => one.Job is not null)}</b> of {workers.Count} at work</span>{Silent(workers)}</p>{Layout.Table("Workers", Columns, workers, Most, one => one.Id, one => Cells(one, now, role))}"""))}
        {(pools.Count == 0 ? Html.None : Html.Of($"""<section data-key="pools"><h2>Pools</h2><ul class="plain">{pools.Select(pool => Html.Of(
            $"""<li data-key="p{pool.Name}"><b>{pool.Name}</b> {Layout.Badge(pool.Up ? "up" : "down")} <span class="quiet">{pool.Decision}{(pool.DecidedAt is { } at ? $" ({Wording.Duration(now - at)} ago)" : "")}</span></li>"""))}</ul></section>"""))}
        {(allocations.Count == 0 ? Html.None : Html.Of($"""<section data-key="allocations"><h2>Allocations</h2> <span class="quiet">of the last day</span>{Layout.Table("Allocations", AllocationColumns, allocations, Most, one => $"s{one.SlurmId}", one => AllocationCells(one, now))}</section>"""))}
        <section data-key="schedulers"><h2>Schedulers</h2><ul class="plain">{schedulers.Select(one => Html.Of(
            $"""<li data-key="{one.Id}">{one.Id} {Layout.Badge(one.Leader ? "leads" : "stands by")} <span class="quiet">{one.Address} {one.Version}</span></li>"""))}</ul></section>
        """), place: "/workers");

    private static Html Silent(IReadOnlyList<WorkerSnapshot> workers) => workers.Count(one => one.IsSilent) is var silent and > 0
        ? Html.Of($"""<span class="bad"><b>{silent}</b> silent</span>""") : Html.None;

    private static Html Cells(WorkerSnapshot one, DateTime now, AccessRole role) => Html.Of(
        $"""
        <td>{one.Id}{(one.SlurmId is null ? Html.None : Html.Of($""" <span class="quiet">Slurm {one.SlurmId}{(one.EndsAt is { } end && end > now ? $", ends in {Wording.Duration(end - now)}" : "")}</span>"""))}<br><span class="quiet">{one.Version}</span>{ActionForms.Of(one, role)}</td>
        <td>{Layout.Badge(one.IsSilent ? "suspected" : one.Draining ? "draining" : one.Job is null ? "idle" : "running")}</td>
        <td>{string.Join(", ", one.Kinds)}</td>
        <td>{(one.Job is null ? Html.None : Html.Of($"""<a href="/experiments/{one.ExperimentId}">{one.Experiment}</a>: {one.Job}"""))}</td>
        <td>{(one.MemoryBytes is { } memory ? $"{MemorySize.Text(memory)} memory" : "")}{(one.Device is { } device ? Html.Of($"""<br><span class="quiet">{device.Processor}, {device.Vectors}</span>""") : Html.None)}{one.Gpus.Select(gpu => Html.Of($"""<br><span class="quiet">{gpu}</span>{Busy(gpu)}"""))}</td>
        <td class="number">{Wording.Duration(one.SecondsSilent)} ago</td>
        <td class="number">{Wording.Duration(now - one.StartedAt)}</td>
        """);

    private static Html Busy(GpuReading gpu) => gpu.Utilization is { } busy ? Layout.Bar(busy / 100.0) : Html.None;

    private static Html AllocationCells(Allocation one, DateTime now) => Html.Of(
        $"""
        <td>{one.SlurmId}</td><td>{one.Pool}</td><td>{Layout.Badge(Wording.Word(one.State))} <span class="quiet">{one.Reason}{(one.LeavingAt is not null && one.EndedAt is null ? ", leaving" : "")}</span></td>
        <td class="number">{one.Busy} busy of {one.Workers}</td><td class="number">{Wording.Instant(one.SubmittedAt)}</td>
        <td class="number">{(one.EndedAt is { } ended ? $"ended {Wording.Duration(now - ended)} ago" : one.EndsAt is { } end ? $"in {Wording.Duration(end - now)}" : "")}</td>
        """);
}
