using Amnre.Jobs.Ledger;
using Npgsql;

namespace Amnre.Jobs.Views;

/// <summary>A box of the drawn graph: one job, or the jobs of one group.</summary>
/// <param name="Key"><c>g:evaluate/truth</c> for a group, <c>j:17</c> for a job.</param>
/// <param name="Title">The group's or the job's name.</param>
/// <param name="Job">Null for a group.</param>
/// <param name="States">How many of its jobs stand where.</param>
public sealed record GraphBox(string Key, string Title, long? Job, IReadOnlyDictionary<string, int> States)
{
    public int Count => States.Values.Sum();
}

/// <summary>The jobs of an experiment as boxes, and which reads from which.</summary>
/// <param name="Edges">From the box that makes to the box that reads; never of one group to itself.</param>
/// <param name="Left">Jobs of opened groups that were left out, for there are too many to be drawn.</param>
public sealed record GraphShape(IReadOnlyList<GraphBox> Boxes, IReadOnlyList<(string From, string To)> Edges, int Left);

/// <summary>An experiment's graph, gathered in the database: what comes back grows with the boxes, not with the jobs.</summary>
public sealed class GraphViews(NpgsqlDataSource database)
{
    /// <summary>Jobs of one kind are a group; samplings belong to their dataset, evaluations to their name, and trainings and decisions of
    /// a search to their rung, so that no group reads from itself through another.</summary>
    private const string GroupSql =
        "case when j.kind in ('train', 'decide') and split_part(j.name, '/', 3) <> '' " +
            "then split_part(j.name, '/', 1) || '/' || split_part(j.name, '/', 2) || '/' || split_part(j.name, '/', 3) " +
        "when j.kind in ('sample', 'evaluate', 'verdict', 'require') and split_part(j.name, '/', 2) <> '' " +
            "then split_part(j.name, '/', 1) || '/' || split_part(j.name, '/', 2) else j.kind end";

    /// <param name="experimentId">Whose jobs.</param>
    /// <param name="open">Groups whose jobs are boxes of their own.</param>
    /// <param name="most">Boxes of an opened group, at most.</param>
    /// <param name="cancel">Ends the reading.</param>
    public async Task<GraphShape> ShapeAsync(long experimentId, IReadOnlyList<string> open, int most, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        var parameters = new { experimentId, open = open.ToArray(), most };
        var rows = await connection.QueryAsync<(string Key, string Title, long? Job, string State, int Count)>(
            $"""
            {NodesSql}
            select key, min(title), case when single then min(id) end, state, count(*)::int from nodes where place <= @most
            group by key, single, state order by min(ordinal)
            """, parameters, cancel);
        var edges = await connection.QueryAsync<(string From, string To)>(
            $"""
            {NodesSql}
            select distinct p.key, n.key from nodes n join amnre.edges e on e.job_id = n.id join nodes p on p.id = e.producer_id
            where p.key <> n.key and p.place <= @most and n.place <= @most order by 1, 2
            """, parameters, cancel);
        var left = open.Count == 0 ? 0 : await connection.QuerySingleAsync<int>(
            $"{NodesSql} select count(*)::int from nodes where place > @most", parameters, cancel);
        return new GraphShape(
            [.. rows.GroupBy(row => row.Key)
                .Select(box => new GraphBox(box.Key, box.First().Title, box.First().Job,
                    box.ToDictionary(row => row.State, row => row.Count)))],
            edges, left);
    }

    private const string NodesSql =
        $"""
        with grouped as (select j.id, j.ordinal, j.name, j.state, {GroupSql} as grp from amnre.jobs j
          where j.experiment_id = @experimentId),
        nodes as (
          select id, ordinal, state, grp = any(@open) as single, case when grp = any(@open) then 'j:' || id else 'g:' || grp end as key,
            case when grp = any(@open) then name else grp end as title,
            case when grp = any(@open) then row_number() over (partition by grp order by ordinal) else 0 end as place
          from grouped)
        """;
}
