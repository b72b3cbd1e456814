using Amnre.Engine;
using Amnre.Jobs.Ownership;

namespace Amnre.Jobs.Postgres;

/// <summary>The account that the private server runs under: ourselves, or an unprivileged one when we are root,
/// because PostgreSQL refuses to run as root.</summary>
internal sealed record ServerAccount(string Name, uint UserId, uint GroupId, bool IsOurs)
{
    private static readonly string[] Unprivileged = ["postgres", "nobody"];

    /// <summary>Number of some user that has a name.</summary>
    public static string NamedUser() => PlainFile.Lines("/etc/passwd").Select(line => line.Split(':')).Where(fields => fields.Length > 2)
        .OrderByDescending(fields => fields[0] == "nobody").Select(fields => fields[2]).FirstOrDefault("65534");

    public static ServerAccount Choose()
    {
        if (!Environment.IsPrivilegedProcess) return new ServerAccount(AccountName.Ours, 0, 0, IsOurs: true);
        var accounts = PlainFile.Lines("/etc/passwd").Select(line => line.Split(':')).Where(fields => fields.Length > 3).ToList();
        foreach (var name in Unprivileged)
        {
            var fields = accounts.Find(account => account[0] == name);
            if (fields is not null && uint.TryParse(fields[2], out var user) && uint.TryParse(fields[3], out var group) && user != 0)
                return new ServerAccount(name, user, group, IsOurs: false);
        }

        throw new InputException(
            "PostgreSQL refuses to run as root, and /etc/passwd has neither 'postgres' nor 'nobody' to run it under. " +
            "Start amnre as an ordinary user, or use an existing server with --postgres.");
    }

    /// <summary>The command that runs <paramref name="program"/> under this account.</summary>
    public (string Program, string[] Arguments) Command(string program, params string[] arguments) => IsOurs
        ? (program, arguments)
        : ("setpriv", ["--reuid", $"{UserId}", "--regid", $"{GroupId}", "--clear-groups", "--", program, .. arguments]);

    /// <summary>Whether something belongs to this account, or to us, who are root then.</summary>
    public bool Owns(Owned owned) => owned.IsOurs || (!IsOurs && owned.UserId == UserId);

    /// <summary>Makes <paramref name="folder"/> exist, private to this account.</summary>
    /// <exception cref="InputException">It is there and another user's.</exception>
    public void OwnFolder(string folder)
    {
        Directory.CreateDirectory(folder);
        if (Owned.Of(folder) is { } there && (!there.IsFolder || !Owns(there)))
        {
            throw new InputException(
                $"{folder} {(there.IsFolder ? "" : "is a link and no folder, and ")}belongs to user {there.Owner}, while the store's " +
                    $"database runs as {Name}: remove it if you know that it is another user's, or choose another store with --store");
        }

        File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        OwnFile(folder);
    }

    /// <summary>Gives <paramref name="path"/> to this account.</summary>
    /// <exception cref="InputException">The file system refuses.</exception>
    public void OwnFile(string path)
    {
        if (IsOurs) return;
        var owned = SystemProgram.Run("chown", $"{UserId}:{GroupId}", path);
        if (owned.ExitCode != 0)
            throw new InputException(
                $"{path} cannot be given to the account '{Name}' that PostgreSQL runs under: {owned.StandardError.Trim()}");
    }

    /// <summary>Whether this account can enter <paramref name="folder"/>, which it need not own.</summary>
    public bool CanEnter(string folder)
    {
        if (IsOurs) return true;
        var (program, arguments) = Command("test", "-x", folder);
        return SystemProgram.Run(program, arguments).ExitCode == 0;
    }
}
