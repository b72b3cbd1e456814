using System.Globalization;
using Amnre.Engine;
using Amnre.Jobs.Ownership;
using Amnre.Jobs.Specs;

namespace Amnre.Jobs.Artifacts;

/// <summary>The names that a store keeps for itself, and what is expected under each: a folder or a plain file. Anything else is refused
/// before a command starts, because jobs would fail on it one after the other, and reading a pipe waits without end.</summary>
public static class StoreLayout
{
    private static readonly string[] Folders = ["artifacts", "checkpoints", "inputs", "logs", "logs/attempts", "slurm",
        "postgres", "postgres/server"];

    private static readonly string[] Files =
    [
        StoreIdentity.FileName, "postgres/password", "postgres/machine", "postgres/lock", "postgres/users", "postgres/door",
        "postgres/server/socket", "postgres/server/postgres.log", "postgres/server/cluster/PG_VERSION",
        "postgres/server/cluster/postmaster.pid",
        "slurm/worker.sbatch",
    ];

    /// <summary>Folder of what user <see cref="Owned.Us"/> alone may read in a store.</summary>
    public static string AccessFolder => string.Create(CultureInfo.InvariantCulture, $"access-{Owned.Us}");

    /// <param name="root">The store's folder, which need not be there yet.</param>
    /// <exception cref="InputException">A name of the store's own is taken by something else.</exception>
    public static void Require(string root)
    {
        if (Refusal(root) is { } refusal) throw new InputException(refusal);
    }

    /// <param name="root">The store's folder, which need not be there yet.</param>
    /// <param name="plan">Whose results get names in it.</param>
    /// <exception cref="InputException">A folder that the results' names need is taken by something else.</exception>
    public static void Require(string root, ExperimentPlan plan)
    {
        var folders = plan.Jobs.SelectMany(job => job.Outputs).Select(output => output.Path).OfType<string>()
            .SelectMany(path => Above($"{plan.Name}/{path}")).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        foreach (var folder in folders)
            if (FolderRefusal(root, folder, "results of this experiment get their names in it") is { } refusal)
                throw new InputException(refusal);
    }

    /// <summary>What is wrong with the names that the store keeps for itself; null when nothing is.</summary>
    public static string? Refusal(string root)
    {
        if (!Directory.Exists(root)) return null;
        foreach (var folder in (string[])[.. Folders, AccessFolder])
            if (FolderRefusal(root, folder, "the store keeps a folder of its own there") is { } refusal) return refusal;
        foreach (var file in (string[])[.. Files, $"{AccessFolder}/operator-token"])
            if (FileRefusal(root, file) is { } refusal) return refusal;
        // The first two digits of fingerprints.
        return !Directory.Exists(Path.Combine(root, "artifacts")) ? null : Directory.EnumerateFiles(Path.Combine(root, "artifacts"), "??")
            .Where(path => Path.GetFileName(path).All(char.IsAsciiHexDigitLower))
            .Select(path => FolderRefusal(root, Path.GetRelativePath(root, path), "the store keeps a folder of its own there"))
            .FirstOrDefault(refusal => refusal is not null);
    }

    private static string? FolderRefusal(string root, string name, string why) => PlainFile.KindOf(Path.Combine(root, name)) switch
    {
        PathKind.Nothing or PathKind.Folder => null,
        PathKind.BrokenLink => $"'{Path.Combine(root, name)}' is a link that leads nowhere, and {why}: mount what it leads to, or " +
            "remove the link",
        var other => $"'{Path.Combine(root, name)}' is {(other is PathKind.File ? "a file" : "a device, a pipe or a socket")}, and " +
            $"{why}: move it away, or name another store with --store",
    };

    private static string? FileRefusal(string root, string name) => PlainFile.KindOf(Path.Combine(root, name)) switch
    {
        PathKind.Nothing or PathKind.File => null,
        PathKind.BrokenLink => $"'{Path.Combine(root, name)}' is a link that leads nowhere, and the store keeps a file of its own there: " +
            "remove the link, or restore what it led to",
        var other => $"'{Path.Combine(root, name)}' is {(other is PathKind.Folder ? "a folder" : "a device, a pipe or a socket")}, and " +
            "the store keeps a file of its own there: "
            + "remove it, and take the file from a backup where there is one",
    };

    private static IEnumerable<string> Above(string path)
    {
        for (var at = path.IndexOf('/', StringComparison.Ordinal); at > 0; at = path.IndexOf('/', at + 1)) yield return path[..at];
    }
}
