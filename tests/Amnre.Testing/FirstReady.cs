using Amnre.Jobs.Dispatching;

namespace Amnre.Testing;

/// <summary>Takes ready jobs of a queue as the dispatcher would with room for so many.</summary>
public static class FirstReady
{
    public static async Task<IReadOnlyList<long>> TakeAsync(this IDispatchLedger ledger, string queue, int most, CancellationToken cancel)
    {
        var candidates = (await ledger.CandidatesAsync(most, timed: false, cancel)).Where(job => job.Queue == queue).ToList();
        var situation = await ledger.SituationAsync(TimeSpan.FromHours(1), cancel);
        var placed = Placement.Decide(candidates, situation with { Workers = [], Waiting = new Dictionary<string, int>() }, most);
        return [.. (await ledger.TakeAsync(placed, cancel)).Select(one => one.Job.Id)];
    }
}
