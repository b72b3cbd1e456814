using Amnre.Jobs.Artifacts;

namespace Amnre.Cli.Local;

/// <summary>This same program as a child process of a study.</summary>
internal static class OwnProgram
{
    private const string Nowhere = "/dev/null";

    /// <param name="name">Unique among its siblings and their starts; also names the file with what it prints.</param>
    /// <param name="store">Absolute folder.</param>
    /// <param name="connectionString">Of the database; may hold a password.</param>
    /// <param name="words">The verb and its options, beyond those of store and database.</param>
    /// <param name="environment">Further variables.</param>
    public static ChildSpec Child(string name, string store, string connectionString, IReadOnlyList<string> words,
        params IReadOnlyList<(string Name, string Value)> environment)
    {
        var logs = Path.Combine(store, "logs");
        // A store that is not mounted now gets no folder; the child will say that it is not there.
        var isThere = StoreIdentity.IsIn(store);
        if (isThere) Directory.CreateDirectory(logs);
        return new ChildSpec(
            name,
            Environment.ProcessPath ?? throw new InvalidOperationException("this process does not know its own program"),
            [.. words, "--store", store, "--leave-with-input"],
            // Through the environment, which only this user can read.
            environment.Append(("AMNRE_POSTGRES", connectionString)).ToDictionary(),
            isThere ? Path.Combine(logs, $"{name}.out") : Nowhere);
    }
}
