using Amnre.Jobs.Ledger;
using Amnre.Jobs.Specs;
using Npgsql;

namespace Amnre.Jobs.Submissions;

/// <summary>How long jobs took, as far as this ledger has seen.</summary>
/// <param name="OfName">By the name of a job of the same experiment, its last success.</param>
/// <param name="OfKind">Median of all successes.</param>
internal sealed record CostHistory(IReadOnlyDictionary<string, TimeSpan> OfName, IReadOnlyDictionary<string, TimeSpan> OfKind)
{
    public static async Task<CostHistory> ReadAsync(NpgsqlConnection connection, string experiment, CancellationToken cancel)
    {
        var names = await connection.QueryAsync<(string Name, double Seconds)>(
            """
            select distinct on (j.name) j.name, extract(epoch from a.ended_at - a.started_at)::double precision
            from amnre.experiments e join amnre.jobs j on j.experiment_id = e.id join amnre.attempts a on a.job_id = j.id
            where e.name = @experiment and a.outcome = 'succeeded' order by j.name, a.token desc
            """, new { experiment }, cancel);
        var kinds = await connection.QueryAsync<(string Kind, double Seconds)>(
            """
            select j.kind, percentile_cont(0.5) within group (order by extract(epoch from a.ended_at - a.started_at))
            from amnre.attempts a join amnre.jobs j on j.id = a.job_id where a.outcome = 'succeeded' group by j.kind
            """, null, cancel);
        return new CostHistory(
            names.ToDictionary(one => one.Name, one => TimeSpan.FromSeconds(one.Seconds), StringComparer.Ordinal),
            kinds.ToDictionary(one => one.Kind, one => TimeSpan.FromSeconds(one.Seconds), StringComparer.Ordinal));
    }

    /// <summary>As long as the job of this name took last, else as its kind usually takes; null when neither was ever seen.</summary>
    public TimeSpan? Expected(JobSpec job) =>
        OfName.TryGetValue(job.Name, out var own) ? own : OfKind.TryGetValue(LedgerText.Of(job.Kind), out var ofKind) ? ofKind : null;
}
