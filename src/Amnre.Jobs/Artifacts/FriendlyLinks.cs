using Amnre.Engine;

namespace Amnre.Jobs.Artifacts;

/// <summary>A friendly path of a published file.</summary>
/// <param name="Path">Relative to the store: <c>experiment/samples/slcp-train.h5</c>.</param>
/// <param name="Target">The artifact's path, relative to the store.</param>
public sealed record FriendlyLink(string Path, string Target);

/// <summary>The names under which people find results: relative symbolic links into the store, made from the ledger and from nothing
/// else.</summary>
public static class FriendlyLinks
{
    /// <summary>Makes or redirects what differs from the ledger; touches nothing else. A plain file in a link's place is left
    /// alone.</summary>
    /// <returns>How many links were made, and why the first of those that could not be made was not: names for people, which jobs do
    /// without.</returns>
    public static (int Made, string? Error) Restore(ArtifactStore store, IEnumerable<FriendlyLink> links)
    {
        var (made, error) = (0, (string?)null);
        foreach (var link in links)
        {
            try
            {
                if (Restore(store, link)) made++;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or InputException)
            {
                error ??= $"{link.Path}: {e.Message}";
            }
        }

        return (made, error);
    }

    private static bool Restore(ArtifactStore store, FriendlyLink link)
    {
        var path = store.Absolute(link.Path);
        var target = Path.GetRelativePath(Path.GetDirectoryName(path)!, store.Absolute(link.Target));
        var there = new FileInfo(path);
        // A name that leads nowhere is useless; where a whole store is not mounted now, folders would be made in its place.
        if (!File.Exists(store.Absolute(link.Target))) return false;
        if (there.LinkTarget == target || (there.Exists && there.LinkTarget is null)) return false;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        // A link cannot be changed in place: make the new one aside, under a name that is not taken, and rename it over the old, so
        // that a reader always finds one.
        var aside = $"{path}.{Path.GetRandomFileName()}";
        File.CreateSymbolicLink(aside, target);
        try
        {
            File.Move(aside, path, overwrite: true);
        }
        catch
        {
            File.Delete(aside);
            throw;
        }

        return true;
    }

    /// <summary>Removes links into the store whose files are gone.</summary>
    public static void RemoveBroken(ArtifactStore store)
    {
        var artifacts = store.Absolute("artifacts") + Path.DirectorySeparatorChar;
        foreach (var folder in Directory.EnumerateDirectories(store.Root)
            .Where(folder => !ArtifactStore.ReservedNames.Contains(Path.GetFileName(folder))))
        {
            foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            {
                if (new FileInfo(path).LinkTarget is not { } link) continue;
                var target = Path.GetFullPath(link, Path.GetDirectoryName(path)!);
                if (target.StartsWith(artifacts, StringComparison.Ordinal) && !File.Exists(target)) File.Delete(path);
            }
        }
    }
}
