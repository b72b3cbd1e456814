using Amnre.Cli.Local;
using Amnre.Cli.Studies;
using Amnre.Engine;
using Amnre.Jobs.Ownership;
using Amnre.Scheduler.Access;

namespace Amnre.Cli.Diagnosis;

/// <summary>What the process is surrounded by: limits, variables, files with secrets.</summary>
internal static class SurroundingsChecks
{
    private static readonly string[] SecretFiles =
        ["AMNRE_OPERATOR_TOKEN_FILE", "AMNRE_VIEWER_TOKEN_FILE", "AMNRE_TOKEN_FILE", "AMNRE_POSTGRES_PASSWORD_FILE"];

    public static IEnumerable<Finding> All(string store)
    {
        yield return OpenFiles.Lacking() is { } lacking
            ? new Finding("open files", Verdict.Doubtful, lacking)
            : new Finding("open files", Verdict.Fine, OpenFiles.Limit() is { } limit ? $"{limit} at once" : "no limit is known");
        yield return User();
        yield return Proxy();
        if (Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is { Length: > 0 } runtime) yield return Runtime(runtime);
        foreach (var variable in SecretFiles)
            if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } file)
                yield return Secret(variable, () => SecretFile.Read(file, $"{variable}'s file"), file);
        var token = StoreToken.FileIn(store);
        if (File.Exists(token)) yield return Secret("store's token", () => SecretFile.ReadOwn(token), token);
    }

    private static Finding User() => Environment.UserName.Length > 0
        ? new Finding("user", Verdict.Fine, Environment.UserName)
        : new Finding("user", Verdict.Doubtful, $"user {Owned.Us} has no entry in /etc/passwd",
            "PostgreSQL's initdb wants a name: a user namespace is tried; where that is refused, add an entry, or use an existing server");

    private static Finding Proxy()
    {
        if (DirectLoopback.Set is not [_, ..] set) return new Finding("proxy", Verdict.Fine, "no variable names one");
        var direct = Environment.GetEnvironmentVariable("no_proxy") ?? Environment.GetEnvironmentVariable("NO_PROXY") ?? "";
        return direct.Split(',', StringSplitOptions.TrimEntries).Any(name => name is "127.0.0.1" or "localhost" or "*")
            ? new Finding("proxy", Verdict.Fine, $"{string.Join(", ", set)}, and not for this machine's own addresses")
            : new Finding("proxy", Verdict.Doubtful,
                $"{string.Join(", ", set)} would catch 127.0.0.1; amnre itself asks this machine directly, but other programs (curl, " +
                    "browsers) ask the proxy",
                "export no_proxy=127.0.0.1,localhost");
    }

    private static Finding Runtime(string folder) => Owned.Of(folder) is not { } owned
        ? new Finding("XDG_RUNTIME_DIR", Verdict.Doubtful, $"{folder} is not there, so the socket of a store's database goes into /tmp",
            "unset XDG_RUNTIME_DIR, or let it name a folder of yours with mode 700")
        : owned is { IsFolder: true, IsOurs: true } && (owned.Mode & Owned.Others) == 0
            ? new Finding("XDG_RUNTIME_DIR", Verdict.Fine, $"{folder} is yours alone")
            : new Finding("XDG_RUNTIME_DIR", Verdict.Doubtful,
                $"{folder} belongs to user {owned.Owner} or is open to others, so the socket of a store's database goes into /tmp",
                "let it name a folder of yours with mode 700");

    private static Finding Secret(string name, Func<string> read, string file)
    {
        // A pipe is read once, and not by a look.
        if (PlainFile.KindOf(file) is PathKind.Special)
            return new Finding(name, Verdict.Doubtful, $"{file} is a pipe or a device, and was not looked at", "name a file with mode 600");
        try
        {
            read();
            return new Finding(name, Verdict.Fine, $"{file} is readable by this user alone");
        }
        catch (InputException refused)
        {
            return new Finding(name, Verdict.Broken, refused.Message);
        }
    }
}
