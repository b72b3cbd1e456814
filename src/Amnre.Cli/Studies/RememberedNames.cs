using System.Security.Cryptography;
using System.Text;
using Amnre.Engine;
using Amnre.Jobs.Ownership;

namespace Amnre.Cli.Studies;

/// <summary>Names that a ledger had when it was asked last, kept in the user's cache for completion while it does not answer at
/// once.</summary>
/// <param name="ledger">What tells it from others.</param>
internal sealed class RememberedNames(string ledger)
{
    private const int MaxNames = 2000;

    /// <summary>Null where the user has no home.</summary>
    private string? File { get; } = Folder is { } folder
        ? Path.Combine(folder, $"names-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ledger)))[..16]}") : null;

    private static string? Folder =>
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache && Path.IsPathRooted(cache)
        ? Path.Combine(cache, "amnre")
        : Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) is { Length: > 0 } home ? Path.Combine(home, ".cache", "amnre")
        : null;

    public IReadOnlyList<string> Beginning(string word)
    {
        var slash = word.Contains('/', StringComparison.Ordinal);
        return [.. All()
            .Where(name => name.StartsWith(word, StringComparison.Ordinal) && name.Contains('/', StringComparison.Ordinal) == slash)];
    }

    /// <summary>What the ledger has takes the place of what it had of the same beginning. A cache that cannot be written is none.</summary>
    public void Add(string word, IReadOnlyList<string> names)
    {
        if (File is not { } file) return;
        var before = All();
        var now = names.Concat(before.Except(Beginning(word), StringComparer.Ordinal)).Distinct(StringComparer.Ordinal)
            .Take(MaxNames).ToList();
        if (now.SequenceEqual(before, StringComparer.Ordinal)) return;
        var aside = $"{file}.{Guid.NewGuid():N}.part";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!,
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            System.IO.File.WriteAllLines(aside, now);
            System.IO.File.Move(aside, file, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }

    private IReadOnlyList<string> All()
    {
        try
        {
            return File is { } file && Owned.Of(file) is { IsOurs: true, IsFile: true } ? [.. PlainFile.Lines(file).Take(MaxNames)] : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
