using Amnre.Engine;
using Amnre.Jobs.Ownership;
using Amnre.Scheduler.Access;

namespace Amnre.Cli.Studies;

/// <summary>The tokens of this user's own stores, found without being told: in the store at hand, and in those whose schedulers this user
/// has started before.</summary>
internal static class OwnTokens
{
    private const int MaxStores = 50;

    /// <summary>Paths of token files, the latest first; no secret is in it. Null where the user has no home.</summary>
    private static string? Record =>
        Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } state && Path.IsPathRooted(state)
        ? Path.Combine(state, "amnre", "token-files")
        : Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) is { Length: > 0 } home
        ? Path.Combine(home, ".local", "state", "amnre", "token-files") : null;

    /// <summary>Records a store whose scheduler this user starts. A home that cannot be written only means that the token must be
    /// named.</summary>
    public static void Remember(string store)
    {
        var file = StoreToken.FileIn(store);
        if (Record is not { } record || !File.Exists(file)) return;
        try
        {
            var known = Files();
            if (known.FirstOrDefault() == file) return;
            PrivateFolder.Make(Path.GetDirectoryName(record)!);
            var aside = $"{record}.{Guid.NewGuid():N}.part";
            using (var written = new StreamWriter(new FileStream(aside, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            })))
            {
                foreach (var path in known.Where(path => path != file && File.Exists(path)).Prepend(file).Take(MaxStores))
                    written.WriteLine(path);
            }

            File.Move(aside, record, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InputException)
        {
        }
    }

    /// <param name="store">The one at hand.</param>
    public static IReadOnlyList<StoreToken> Known(string store) =>
        [.. Files().Prepend(StoreToken.FileIn(Path.GetFullPath(store))).Distinct(StringComparer.Ordinal).Select(ReadOrNull)
            .OfType<StoreToken>()];

    private static StoreToken? ReadOrNull(string file)
    {
        try
        {
            return StoreToken.Read(file);
        }
        catch (InputException)
        {
            return null; // Its reader says what is wrong with it.
        }
    }

    private static List<string> Files()
    {
        try
        {
            return Record is { } record && Owned.Of(record) is { IsOurs: true, IsFile: true } owned && (owned.Mode & Owned.Others) == 0
                ? [.. PlainFile.Lines(record).Where(Path.IsPathRooted).Take(MaxStores)] : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
