using Amnre.Jobs.Specs;

namespace Amnre.Jobs.Dispatching;

/// <summary>The expected duration of a job: the median of its experiment's last jobs of the same kind, or its limit while there are
/// none.</summary>
internal static class ExpectedTime
{
    /// <summary>More would cost more than they tell.</summary>
    private const int Considered = 32;

    private static readonly string Resuming = string.Join(", ", JobKinds.ThatResume.Select(kind => $"'{kind}'"));

    /// <summary>In SQL. Null for kinds that resume elsewhere, of which the time is irrelevant.</summary>
    /// <param name="experiment">An expression for the experiment's id.</param>
    /// <param name="kind">An expression for the kind as the ledger spells it.</param>
    /// <param name="limit">An expression for the job's longest run time.</param>
    public static string Sql(string experiment, string kind, string limit) =>
        $"""
        case when {kind} not in ({Resuming}) then coalesce((
          select make_interval(secs => percentile_cont(0.5) within group (order by extract(epoch from a.ended_at - a.started_at)))
          from (select a.started_at, a.ended_at from amnre.attempts a join amnre.jobs o on o.id = a.job_id
                where o.experiment_id = {experiment} and o.kind = {kind} and a.outcome = 'succeeded'
                  order by a.token desc limit {Considered}) a), {limit}) end
        """;
}
