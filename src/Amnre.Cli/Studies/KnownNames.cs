using Amnre.Engine;
using Amnre.Jobs.Operations;
using Amnre.Jobs.Postgres;
using Npgsql;

namespace Amnre.Cli.Studies;

/// <summary>Names of experiments and jobs for the shell's completion: from a database that runs and answers at once; else those that it had
/// when it answered last.</summary>
internal static class KnownNames
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1);

    public static IReadOnlyList<string> Of(string? store, string word)
    {
        try
        {
            var folder = Path.GetFullPath(store ?? "store");
            var connection = CommonOptions.ConnectionString(null) ?? PrivatePostgres.RunningIn(Path.Combine(folder, "postgres"));
            var remembered = new RememberedNames(connection is null
                ? folder
                : new NpgsqlConnectionStringBuilder(connection) { Password = null }.ConnectionString);
            if (connection is null) return remembered.Beginning(word);
            // On a thread of its own, which is left behind: a name that is looked up, or a server that is stopped, has no end that could be
            // set.
            var asking = Task.Run(() => SelectableNames.Beginning(connection, word));
            if (!((IAsyncResult)asking).AsyncWaitHandle.WaitOne(Timeout)) return remembered.Beginning(word);
            var names = asking.GetAwaiter().GetResult();
            remembered.Add(word, names);
            return names;
        }
        catch (Exception e) when (e is NpgsqlException or InputException or IOException or UnauthorizedAccessException or TimeoutException)
        {
            return []; // A completion that cannot be had is not worth a word in the middle of a command line.
        }
    }
}
