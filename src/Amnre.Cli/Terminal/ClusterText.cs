using Amnre.Engine;
using Amnre.Jobs.Allocations;
using Spectre.Console;

namespace Amnre.Cli.Terminal;

/// <summary>How pools and their allocations read in a terminal.</summary>
internal static class ClusterText
{
    public static void Write(IReadOnlyList<Pool> pools, IReadOnlyList<Allocation> allocations, string? warning)
    {
        foreach (var pool in pools)
        {
            var limits = $"{pool.Settings.Min} to {pool.Settings.Max} allocations of {Shape(pool.Settings)}";
            AnsiConsole.MarkupLineInterpolated($"[bold]{pool.Name}[/] {(pool.Up ? "up" : "down")}, {limits}");
            AnsiConsole.MarkupLineInterpolated(
                $"  {pool.Decision ?? "nothing decided yet"}{(pool.DecidedAt is { } at ? $" ({Durations.Text(pool.Now - at)} ago)" : "")}");
            var own = allocations.Where(one => one.Pool == pool.Name).ToList();
            if (own.Count == 0) continue;
            var table = new Table().Border(TableBorder.Simple).AddColumns("allocation", "state", "workers", "busy", "ends", "");
            foreach (var one in own)
            {
                table.AddRow(one.SlurmId, one.LeavingAt is not null && one.EndedAt is null
                    ? "leaving"
                    : EnumName.Of(one.State), $"{one.Workers}", $"{one.Busy}",
                    one.EndedAt is null && one.EndsAt is { } end
                        ? $"in {Durations.Text(end - pool.Now)}"
                        : "", Markup.Escape(one.Reason ?? ""));
            }

            AnsiConsole.Write(table);
        }

        if (pools.Count == 0) AnsiConsole.MarkupLine("no pool: 'amnre cluster up' makes one");
        if (warning is not null && pools.Any(pool => pool.Up)) AnsiConsole.MarkupLineInterpolated($"[yellow]{warning}[/]");
    }

    private static string Shape(PoolSettings one) =>
        $"{one.Cpus} CPU{(one.Cpus == 1 ? "" : "s")}{(one.Memory is { } memory ? $", {memory} MiB" : "")}" +
        $"{(one.Gpus > 0 ? $", {one.Gpus} GPU{(one.Gpus == 1 ? "" : "s")}" : "")}, {Durations.Text(one.Time)}; "
        + $"{one.GpuSlots + one.CpuSlots} worker{(one.GpuSlots + one.CpuSlots == 1 ? "" : "s")} in each";
}
