using System.CommandLine;
using Amnre.Engine;
using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Connections;
using Amnre.Jobs.Logs;
using Amnre.Jobs.Ownership;
using Amnre.Worker.Drain;

namespace Amnre.Cli.Studies;

/// <summary>Options that several verbs share, spelt once.</summary>
internal static class CommonOptions
{
    /// <summary>Names a file with the database's password, as containers get their secrets.</summary>
    private const string PasswordFile = "AMNRE_POSTGRES_PASSWORD_FILE";

    public static Option<string> Store() => new("--store")
    {
        Description = "Folder for datasets, models, results and the database [env AMNRE_STORE]",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("AMNRE_STORE") is { Length: > 0 } store ? store : "store",
    };

    /// <summary>The store's folder as a full path; nothing is made.</summary>
    /// <exception cref="InputException">It is no folder, or a name that the store keeps for itself is taken by something else.</exception>
    public static string StoreFolder(string store)
    {
        var folder = StorePlace(store);
        StoreLayout.Require(folder);
        return folder;
    }

    /// <summary>The same without a look at what is in the folder, for a verb that reports what it finds there.</summary>
    /// <exception cref="InputException">It is no folder.</exception>
    public static string StorePlace(string store)
    {
        var folder = Path.GetFullPath(store);
        var (there, kind) = Nearest(folder);
        return kind switch
        {
            PathKind.Nothing or PathKind.Folder => folder,
            _ when there != folder =>
                throw new InputException($"store '{store}' cannot be a folder, because '{there}' is none: name another with --store or " +
                    "AMNRE_STORE"),
            PathKind.BrokenLink =>
                throw new InputException($"store '{store}' is a link that leads nowhere: mount what it leads to, or name another folder " +
                    "with --store or AMNRE_STORE"),
            _ => throw new InputException($"store '{store}' is {(kind is PathKind.File ? "a file" : "a device, a pipe or a socket")}: " +
                "name a folder with --store or AMNRE_STORE"),
        };
    }

    /// <summary>The path itself, or the nearest above it at which there is something.</summary>
    private static (string Path, PathKind Kind) Nearest(string path)
    {
        var at = path;
        while (PlainFile.KindOf(at) is PathKind.Nothing && Path.GetDirectoryName(at) is { } above) at = above;
        return (at, PlainFile.KindOf(at));
    }

    public static Option<string?> Postgres() => new("--postgres")
    {
        Description = "Connection string of an existing PostgreSQL, without its password [env AMNRE_POSTGRES, which may hold one]",
    };

    public static Option<bool> Verify() => new("--verify")
    {
        Description = "Read every result that would be reused and compare its digest, and make again what is damaged; otherwise its " +
            "files must be there with their sizes",
    };

    public static Option<bool> LeaveWithInput() => new("--leave-with-input")
    {
        Description = "Leave cleanly when standard input closes, so as not to outlive the program that started this one",
    };

    /// <summary>A source that is cancelled by <paramref name="stop"/> and, if requested, when standard input closes.</summary>
    public static CancellationTokenSource Leaving(bool withInput, CancellationToken stop)
    {
        var leaving = CancellationTokenSource.CreateLinkedTokenSource(stop);
        if (withInput) StandardInput.WhenClosed(leaving.Cancel);
        return leaving;
    }

    /// <exception cref="InputException">Neither the option nor the environment names a server.</exception>
    public static string RequiredConnectionString(string? option) => ConnectionString(option)
        ?? throw new InputException(
            "no database: set AMNRE_POSTGRES to a connection string such as 'Host=db;Database=amnre;Username=amnre', or give --postgres");

    /// <summary>The server to use: the option, else the environment; null when neither is given.</summary>
    /// <exception cref="InputException">Not a connection string, or a password where every user of the machine can read it.</exception>
    public static string? ConnectionString(string? option)
    {
        var text = option ?? Environment.GetEnvironmentVariable("AMNRE_POSTGRES");
        if (string.IsNullOrWhiteSpace(text)) return null;
        var name = option is null ? "AMNRE_POSTGRES" : "--postgres";
        var builder = ConnectionText.Read(text, name);
        if (option is not null && builder.Password is not null)
            throw new InputException("--postgres holds a password, which everybody on this machine could read in the process list: put " +
                "it in AMNRE_POSTGRES or in ~/.pgpass.");
        if (builder.Password is null && Environment.GetEnvironmentVariable(PasswordFile) is { Length: > 0 } file)
            builder.Password = SecretFile.Read(file, $"{PasswordFile}'s file");
        if (builder.Password is { } password) KnownSecrets.Keep(password);
        return builder.ConnectionString;
    }
}
