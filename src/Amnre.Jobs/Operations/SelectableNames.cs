using Dapper;
using Npgsql;

namespace Amnre.Jobs.Operations;

/// <summary>What a user who types a selection may mean. Quick or not at all.</summary>
public static class SelectableNames
{
    private const int Seconds = 1;
    private const int MaxNames = 500;

    /// <summary>Experiments, newest first; after a slash their jobs, in plan order.</summary>
    /// <exception cref="NpgsqlException">The database does not answer within a second.</exception>
    public static IReadOnlyList<string> Beginning(string connectionString, string word)
    {
        using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(connectionString)
            {
                Timeout = Seconds,
                CommandTimeout = Seconds,
                Pooling = false,
            }.ConnectionString);
        return connection.Query<string>(word.Contains('/', StringComparison.Ordinal)
            ? """
              select e.name || '/' || j.name from amnre.jobs j join amnre.experiments e on e.id = j.experiment_id
              where starts_with(e.name || '/' || j.name, @word)
                and not exists (select from amnre.experiments o where o.name = e.name and o.version > e.version) order by j.id limit @MaxNames
              """
            : "select name from amnre.experiments where starts_with(name, @word) group by name order by max(id) desc limit @MaxNames",
            new { word, MaxNames }).AsList();
    }
}
