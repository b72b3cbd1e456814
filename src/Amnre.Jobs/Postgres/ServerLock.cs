using System.Globalization;
using Amnre.Engine;
using Amnre.Jobs.Ownership;

namespace Amnre.Jobs.Postgres;

/// <summary>A hold on one of the lock files of a private server's folder. The system ends it with the process, however that ends. The files
/// are closed to others, who could hold them as well if they could open them.</summary>
internal sealed class ServerLock : IAsyncDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);

    /// <summary>A wait of so long is spoken of: a start or a stop of the server usually takes less.</summary>
    private static readonly TimeSpan Silent = TimeSpan.FromSeconds(3);

    private readonly FileStream _file;

    private ServerLock(FileStream file) => _file = file;

    /// <summary>Held by the one process that runs a study on the server.</summary>
    /// <exception cref="InputException">Another holds it.</exception>
    public static ServerLock Owner(string folder)
    {
        var path = Path.Combine(folder, "lock");
        return Exclusive(path) ?? throw new InputException(
            $"The store's database in {folder} is in use by another amnre: {LockHolders.Of(path)}. Wait for it to end, or choose another " +
                "store with --store.");
    }

    /// <summary>Held by every process that uses the server, together.</summary>
    /// <remarks>Taken behind the door only, so no other process looks at the same moment whether it is unused.</remarks>
    /// <inheritdoc cref="DoorAsync"/>
    public static Task<ServerLock> UserAsync(string folder, Action<string> say, TimeSpan timeout, CancellationToken stop) =>
        WaitAsync(Path.Combine(folder, "users"), Shared, say, timeout, stop);

    /// <summary>Held while the server is started or stopped.</summary>
    /// <param name="folder">The server's.</param>
    /// <param name="say">Told after seconds who holds it.</param>
    /// <param name="timeout">How long it is waited for.</param>
    /// <param name="stop">Cancels.</param>
    /// <exception cref="InputException">It is held for longer; or the file is another user's.</exception>
    public static Task<ServerLock> DoorAsync(string folder, Action<string> say, TimeSpan timeout, CancellationToken stop) =>
        WaitAsync(Path.Combine(folder, "door"), Exclusive, say, timeout, stop);

    /// <summary>Whether no process holds what <see cref="UserAsync"/> gives. Asked behind the door only.</summary>
    public static bool IsUnused(string folder)
    {
        using var all = Exclusive(Path.Combine(folder, "users"))?._file;
        return all is not null;
    }

    public ValueTask DisposeAsync() => _file.DisposeAsync();

    private static async Task<ServerLock> WaitAsync(string path, Func<string, ServerLock?> take, Action<string> say, TimeSpan timeout,
        CancellationToken stop)
    {
        var (began, told) = (TimeProvider.System.GetTimestamp(), false);
        while (true)
        {
            if (take(path) is { } held) return held;
            var waited = TimeProvider.System.GetElapsedTime(began);
            if (waited > timeout)
            {
                throw new InputException(string.Create(CultureInfo.InvariantCulture,
                    $"{path} is held by {LockHolders.Of(path)} for more than {timeout.TotalSeconds:0} s, so the store's database can " +
                        $"neither be started nor stopped: end that process, or choose another store with --store"));
            }

            if (!told && waited > Silent)
            {
                say(string.Create(CultureInfo.InvariantCulture,
                    $"waiting for {path}, which is held by {LockHolders.Of(path)} while the store's database starts or stops; " +
                        $"the timeout is {timeout.TotalSeconds:0} s"));
                told = true;
            }

            await Task.Delay(LookEvery, TimeProvider.System, stop);
        }
    }

    private static ServerLock? Exclusive(string path) => Take(path, exclusive: true);

    private static ServerLock? Shared(string path) => Take(path, exclusive: false);

    /// <returns>Null when others hold it so that this cannot.</returns>
    private static ServerLock? Take(string path, bool exclusive)
    {
        Close(path);
        FileStream? file = null;
        try
        {
            file = new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.ReadWrite,
                UnixCreateMode = OwnerOnly,
            });
            if (FileLock.TryTake(file.SafeFileHandle, path, exclusive)) return new ServerLock(Interlocked.Exchange(ref file, null));
            return null;
        }
        catch (IOException taken) when (taken.HResult == FileLock.WouldBlock)
        {
            // A program whose runtime locks what it opens says it already here.
            return null;
        }
        finally
        {
            file?.Dispose();
        }
    }

    /// <summary>Closes a file of an earlier version to others.</summary>
    /// <exception cref="InputException">It is another user's, or no file.</exception>
    private static void Close(string path)
    {
        if (Owned.Of(path) is not { } owned) return;
        if (!owned.IsFile) throw new InputException($"{path} should be a lock of the store's database, and is none: remove it");
        if (!owned.IsOurs)
            throw new InputException($"{path} belongs to user {owned.Owner}, who can keep the store's database from starting: remove it, " +
                "or choose another store with --store");
        if ((owned.Mode & Owned.Others) != 0) File.SetUnixFileMode(path, OwnerOnly);
    }
}
