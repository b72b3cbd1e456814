using System.Globalization;
using System.Text;
using Amnre.Engine;
using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Postgres;

namespace Amnre.Cli.Diagnosis;

/// <summary>Whether the store's file system does what results rely on: whole files, in place at once, and on the disk when it says
/// so.</summary>
internal sealed class StoreChecks(string store, TimeProvider clock)
{
    private const long MinFree = 5L << 30;
    private static readonly TimeSpan SlowSync = TimeSpan.FromSeconds(1);

    public IEnumerable<Finding> All()
    {
        if (!Directory.Exists(store))
        {
            yield return new Finding("store", Verdict.Broken, $"{store} does not exist",
                "name the shared store with --store or AMNRE_STORE; a new one is made by 'amnre run' and 'amnre submit'");
            yield break;
        }

        var probe = Path.Combine(store, $".doctor-{Environment.MachineName}-{Environment.ProcessId}");
        Finding written;
        try
        {
            written = Write(probe);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            written = new Finding("store", Verdict.Broken, $"{store} cannot be used: {e.Message}",
                "give this account the right to write there, or free space; mount it for reading and writing on every node");
        }

        // By name: who may not look into the folder cannot have made anything there either.
        foreach (var left in new[] { probe, Aside(probe), Link(probe) }.Where(File.Exists)) File.Delete(left);
        yield return written;
        var drive = new DriveInfo(store);
        yield return new Finding("free space", drive.AvailableFreeSpace < MinFree ? Verdict.Doubtful : Verdict.Fine,
            string.Create(CultureInfo.InvariantCulture, $"{drive.AvailableFreeSpace / (double)(1 << 30):0.0} GiB on {drive.DriveFormat}"),
            drive.AvailableFreeSpace < MinFree ? "'amnre gc --dry-run' says what could be removed" : null);
    }

    /// <summary>Whether what stands under the store's own names is what the store keeps there.</summary>
    public IEnumerable<Finding> Layout()
    {
        if (StoreLayout.Refusal(store) is { } refusal && refusal.Split(": ", 2) is [var said, var remedy])
            yield return new Finding("store's names", Verdict.Broken, said, remedy);
    }

    /// <summary>The store's own database, as it lies there: nothing is started or changed.</summary>
    public IEnumerable<Finding> Database()
    {
        // What is said of the names is enough; reading on would wait for a pipe.
        if (StoreLayout.Refusal(store) is not null) yield break;
        if (PrivatePostgres.Look(Path.Combine(store, "postgres")) is not { } seen) yield break;
        yield return seen.Open is { } open
            ? new Finding("database folder", Verdict.Broken, open, $"chmod go-rwx {seen.Folder}")
            : new Finding("database folder", Verdict.Fine, $"{seen.Folder} is closed to others");
        yield return seen.Stale is { } stale
            ? new Finding("postmaster.pid", Verdict.Doubtful,
                $"{stale} is left from a server that was killed, and no process is running there",
                "nothing: the next command that uses the database removes it")
            : new Finding("postmaster.pid", Verdict.Fine, seen.Said);
        if (seen.Socket is null) yield break;
        yield return seen.SocketError is { } error
            ? new Finding("socket folder", Verdict.Doubtful, error, "nothing: the next start takes another folder; look who uses this one")
            : new Finding("socket folder", Verdict.Fine, $"{seen.Socket} is the server's alone");
    }

    /// <summary>Private databases whose store is not where it was. They are named and left alone: a store may only not be
    /// mounted.</summary>
    public static IEnumerable<Finding> Abandoned() => ServerHome.Abandoned().Select(one => new Finding(
        "private database", Verdict.Doubtful, $"{one.Home} is that of a store which is gone: {one.Folder}",
        $"if that is not merely not mounted now: rm -r {one.Home}"));

    private Finding Write(string probe)
    {
        var (aside, text) = (Aside(probe), "new"u8.ToArray());
        File.WriteAllBytes(probe, "old"u8.ToArray());
        var begin = clock.GetTimestamp();
        using (var file = new FileStream(aside, FileMode.CreateNew))
        {
            file.Write(text);
            file.Flush(flushToDisk: true);
        }

        var took = clock.GetElapsedTime(begin);
        File.Move(aside, probe, overwrite: true);
        if (Encoding.ASCII.GetString(PlainFile.Bytes(probe)) != "new" || File.Exists(aside))
            return new Finding("store", Verdict.Broken, $"a renamed file in {store} does not take the other's place",
                "use a file system with POSIX renames (NFS, Lustre, GPFS, BeeGFS); not an object store's gateway");
        var link = Link(probe);
        File.CreateSymbolicLink(link, Path.GetFileName(probe));
        if (!File.Exists(link))
            return new Finding("store", Verdict.Doubtful, $"links in {store} lead nowhere: results have no friendly names",
                "use a file system with symbolic links");
        return took > SlowSync
            ? new Finding("store", Verdict.Doubtful, $"writable, but flushing a small file to disk takes {took.TotalSeconds:0.0} s",
                "checkpoints will be slow; ask for a faster file system")
            : new Finding("store", Verdict.Fine,
                string.Create(CultureInfo.InvariantCulture,
                    $"{store}: writes, renames and flushes to disk in {took.TotalMilliseconds:0} ms"));
    }

    private static string Aside(string probe) => probe + ".aside";

    private static string Link(string probe) => probe + ".link";
}
