using Amnre.Jobs.Allocations;
using Microsoft.Extensions.Logging;

namespace Amnre.Worker.Drain;

/// <summary>Drains the worker ahead of the end of its allocation, by as much as its runs need to save their state.</summary>
/// <param name="end">Asks the batch system again: limits may be changed.</param>
/// <param name="moved">Told of another end; never throws.</param>
internal sealed class AllocationWatch(
    Func<CancellationToken, Task<DateTimeOffset?>> end, Func<DateTimeOffset, CancellationToken, Task> moved, RunMeasure measure,
    DrainSignal drain,
    TimeProvider clock, ILogger<AllocationWatch> logger)
{
    /// <summary>The lead grows while runs are measured, so it is looked at this often.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    /// <summary>Clocks of nodes and controller differ a little, and what Slurm says has no fractions.</summary>
    private static readonly TimeSpan Moved = TimeSpan.FromSeconds(3);

    public async Task RunAsync(DateTimeOffset until, CancellationToken stop)
    {
        var whole = until - clock.GetUtcNow();
        logger.LogInformation("The allocation ends at {End:u}, in {Left}", until, whole);
        while (!stop.IsCancellationRequested && !drain.IsRequested)
        {
            var left = until - clock.GetUtcNow();
            var lead = DrainLead.Of(measure.Save, measure.Step, whole);
            if (left > lead)
            {
                var pause = left - lead;
                await Task.Delay(pause < Longest ? pause : Longest, clock, stop).ContinueWith(_ => { }, TaskScheduler.Default);
                continue;
            }

            if (await LaterAsync(until, stop) is { } now)
            {
                logger.LogInformation("The end of the allocation was moved from {End:u} to {Now:u}", until, now);
                whole += now - until;
                until = now;
                await moved(until, stop);
                continue;
            }

            drain.Request(
                FormattableString.Invariant(
                    $"the allocation ends in {left.TotalSeconds:0} s, and draining may take {lead.TotalSeconds:0} s"), lead);
        }
    }

    /// <returns>The later end that the allocation has been given; null where it has none, or when that is unknown.</returns>
    private async Task<DateTimeOffset?> LaterAsync(DateTimeOffset until, CancellationToken stop)
    {
        try
        {
            return await end(stop) is { } now && now > until + Moved ? now : null;
        }
        catch (Exception e) // Whatever it was, the end that is known comes nearer.
        {
            logger.LogWarning("Could not find out whether the allocation was extended: {Message}", e.Message);
            return null;
        }
    }
}
