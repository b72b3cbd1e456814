namespace Amnre.Benchmarks;

/// <summary>A folder of one benchmark, gone after it. The database server's account may enter it, so that what the server writes goes with
/// it.</summary>
internal sealed class ScratchFolder : IDisposable
{
    public ScratchFolder() =>
        File.SetUnixFileMode(Root, File.GetUnixFileMode(Root) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);

    public string Root { get; } = Directory.CreateTempSubdirectory("amnre-benchmark-").FullName;

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
