using Amnre.Engine;
using Amnre.Jobs.Operations;
using Amnre.Jobs.Postgres;
using Npgsql;

namespace Amnre.Cli.Operations;

/// <summary>Names of experiments and jobs for the shell's completion: from a database that runs and answers at once, or none.</summary>
internal static class KnownNames
{
    public static IReadOnlyList<string> Of(string? store, string word)
    {
        try
        {
            var connection = CommonOptions.ConnectionString(null) ?? PrivatePostgres.RunningIn(Path.Combine(Path.GetFullPath(store ?? "store"), "postgres"));
            return connection is null ? [] : SelectableNames.Beginning(connection, word);
        }
        catch (Exception e) when (e is NpgsqlException or InputException or IOException or UnauthorizedAccessException or TimeoutException)
        {
            return []; // A completion that cannot be had is not worth a word in the middle of a command line.
        }
    }
}
