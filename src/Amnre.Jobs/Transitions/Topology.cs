using Amnre.Jobs.Graph;
using Amnre.Jobs.Ledger;
using Npgsql;

namespace Amnre.Jobs.Transitions;

/// <summary>The shape of an experiment, by place in its plan. It changes with the plan's revision only.</summary>
/// <param name="Place">Of a job, by its id.</param>
internal sealed record Topology(JobGraph Graph, long[] Ids, string[] Names, IReadOnlyDictionary<long, int> Place)
{
    public static async Task<Topology> ReadAsync(NpgsqlConnection connection, long experimentId, CancellationToken cancel)
    {
        var jobs = await connection.QueryAsync<(long Id, string Name)>(
            "select id, name from amnre.jobs where experiment_id = @experimentId order by ordinal", new { experimentId }, cancel);
        var place = jobs.Index().ToDictionary(job => job.Item.Id, job => job.Index);
        var all = await connection.QueryAsync<(long Job, long Producer, string? Branch, bool Optional)>(
            """
            select e.job_id, e.producer_id, max(e.branch), bool_and(e.optional)
            from amnre.edges e join amnre.jobs j on j.id = e.job_id where j.experiment_id = @experimentId
            group by e.job_id, e.producer_id
            """, new { experimentId }, cancel);
        var edges = all.ToLookup(edge => edge.Job, edge => place[edge.Producer]);
        var rules = all.Where(edge => edge.Branch is not null || edge.Optional)
            .ToDictionary(edge => (place[edge.Job], place[edge.Producer]), edge => new EdgeRule(edge.Branch, edge.Optional));
        return new Topology(
            new JobGraph([.. jobs.Select(job => edges[job.Id].ToArray())], rules), [.. jobs.Select(job => job.Id)],
            [.. jobs.Select(job => job.Name)], place);
    }
}
