namespace Amnre.Jobs.Allocations;

/// <summary>How long before the end of its allocation a worker begins to drain. Pure.</summary>
public static class DrainLead
{
    /// <summary>For what is never measured: the last words to the database and the process's own end.</summary>
    public static readonly TimeSpan Margin = TimeSpan.FromSeconds(20);

    /// <param name="save">Longest time that saving a run's state has taken; null while nothing was saved.</param>
    /// <param name="step">Longest time that a run went without looking up; null while nothing ran.</param>
    /// <param name="whole">The allocation's whole time, of which at most half is given away.</param>
    public static TimeSpan Of(TimeSpan? save, TimeSpan? step, TimeSpan whole)
    {
        // Twice: a shared file system is slow when all leave at once.
        var lead = Margin + 2 * (save ?? TimeSpan.FromSeconds(10)) + 2 * (step ?? TimeSpan.FromSeconds(5));
        return lead < whole / 2 ? lead : whole / 2;
    }
}
