namespace Amnre.Jobs.Dispatching;

/// <summary>Who goes first. Experiments of the highest priority; among these each user in turn, who has fewest jobs in use, and of a user
/// the experiment with fewest; in an experiment the greatest priority, then the earliest job. The dispatcher, the queue that people look
/// at and the explanation of a job go by it.</summary>
internal sealed class DispatchOrder
{
    /// <summary>Of the jobs of one experiment, in SQL: <c>order by {JobsSql}</c> of job <c>j</c>.</summary>
    public const string JobsSql = "j.priority desc, j.id";

    private readonly Dictionary<long, int> _used;
    private readonly Dictionary<string, int> _ofOwner;

    public DispatchOrder(IReadOnlyList<ExperimentShare> experiments)
    {
        _used = experiments.ToDictionary(experiment => experiment.Id, experiment => experiment.InUse);
        _ofOwner = experiments.GroupBy(experiment => experiment.Owner, StringComparer.Ordinal)
            .ToDictionary(owner => owner.Key, owner => owner.Sum(experiment => experiment.InUse), StringComparer.Ordinal);
    }

    /// <returns>Whose turn it is; null when no experiment has a job that may go.</returns>
    /// <param name="waiting">Experiments that have a job.</param>
    public ExperimentShare? Next(IEnumerable<ExperimentShare> waiting) =>
        waiting.Where(share => !(_used[share.Id] >= share.MostRunning))
            .MinBy(share => (-share.Priority, _ofOwner[share.Owner], _used[share.Id], share.Id));

    /// <summary>A job of the experiment was handed out.</summary>
    public void Count(ExperimentShare share)
    {
        _used[share.Id]++;
        _ofOwner[share.Owner]++;
    }

    /// <summary>All jobs in the order in which they would be handed out if there were workers for all; without those beyond what their
    /// experiments may have at once.</summary>
    /// <param name="jobs">Of each experiment, in its own order.</param>
    /// <param name="experiments">Theirs, at least.</param>
    public static IEnumerable<T> Of<T>(ILookup<long, T> jobs, IReadOnlyList<ExperimentShare> experiments)
    {
        var order = new DispatchOrder(experiments);
        var waiting = experiments.Where(share => jobs.Contains(share.Id)).ToList();
        var left = waiting.ToDictionary(share => share.Id, share => new Queue<T>(jobs[share.Id]));
        while (order.Next(waiting) is { } share)
        {
            yield return left[share.Id].Dequeue();
            order.Count(share);
            if (left[share.Id].Count == 0) waiting.Remove(share);
        }
    }

    /// <returns>How many jobs go before a job.</returns>
    /// <param name="ready">Of each experiment, how many could go.</param>
    /// <param name="experiment">The job's.</param>
    /// <param name="before">Jobs of its own experiment before it.</param>
    public static int Ahead(IReadOnlyList<(ExperimentShare Share, int Ready)> ready, long experiment, int before)
    {
        // What its own experiment may have at once is told apart.
        var waiting = ready.Where(one => one.Ready > 0 || one.Share.Id == experiment)
            .Select(one => one.Share.Id == experiment ? one.Share with { MostRunning = null } : one.Share).ToList();
        var left = ready.ToDictionary(one => one.Share.Id, one => one.Share.Id == experiment ? Math.Max(one.Ready, before + 1) : one.Ready);
        var order = new DispatchOrder([.. ready.Select(one => one.Share)]);
        for (var ahead = 0; ; ahead++)
        {
            if (order.Next(waiting) is not { } share || (share.Id == experiment && before-- == 0)) return ahead;
            order.Count(share);
            if (--left[share.Id] == 0) waiting.Remove(share);
        }
    }
}
