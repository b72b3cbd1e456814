namespace Amnre.Jobs.Postgres;

/// <summary>A hold on one of the lock files of a private server's folder. The system ends it with the process, however that ends.</summary>
internal sealed class ServerLock : IAsyncDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);

    private readonly FileStream _file;

    private ServerLock(FileStream file) => _file = file;

    /// <summary>Held by the one process that runs a study on the server; null when another holds it.</summary>
    public static ServerLock? Owner(string folder) => Exclusive(Path.Combine(folder, "lock"));

    /// <summary>Held by every process that uses the server, together.</summary>
    /// <remarks>Taken behind the door only, so nobody looks at the same moment whether it is unused.</remarks>
    public static ServerLock User(string folder)
    {
        var path = Path.Combine(folder, "users");
        if (!File.Exists(path)) File.WriteAllBytes(path, []);
        // Reading with others that read: a shared lock.
        return new ServerLock(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read));
    }

    /// <summary>Held while the server is started or stopped.</summary>
    public static async Task<ServerLock> DoorAsync(string folder, CancellationToken stop)
    {
        while (true)
        {
            if (Exclusive(Path.Combine(folder, "door")) is { } door) return door;
            await Task.Delay(LookEvery, TimeProvider.System, stop);
        }
    }

    /// <summary>Whether no process holds <see cref="User"/>. Asked behind the door only.</summary>
    public static bool IsUnused(string folder)
    {
        using var all = Exclusive(Path.Combine(folder, "users"))?._file;
        return all is not null;
    }

    public ValueTask DisposeAsync() => _file.DisposeAsync();

    private static ServerLock? Exclusive(string path)
    {
        try
        {
            return new ServerLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException taken) when (taken is not (DirectoryNotFoundException or FileNotFoundException or PathTooLongException))
        {
            return null;
        }
    }
}
