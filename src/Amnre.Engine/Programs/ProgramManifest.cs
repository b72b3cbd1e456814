using Amnre.Engine.Distributions;

namespace Amnre.Engine.Programs;

/// <summary>A simulator that is a program of the user's: what it draws from, and how it is run.</summary>
internal sealed record ProgramManifest
{
    /// <summary>Absolute path of the manifest.</summary>
    public required string Path { get; init; }

    /// <summary>Of all that decides rows, 64 hexadecimal digits: see <see cref="ManifestDigest"/>.</summary>
    public required string Digest { get; init; }

    public required string Name { get; init; }

    /// <summary>One for each parameter.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    public required IPrior Prior { get; init; }

    public required IReadOnlyList<int> ObservationShape { get; init; }

    public required RowProtocol Protocol { get; init; }

    /// <summary>Program and arguments. The program is an absolute path, or a bare name where the manifest allows a search.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>Absolute path.</summary>
    public required string WorkingDirectory { get; init; }

    /// <summary>Entries <c>NAME</c> (passed on) or <c>NAME=value</c> (set), beside those always passed on.</summary>
    public required IReadOnlyList<string> Environment { get; init; }

    /// <summary>The files that decide rows, as they were when the manifest was read.</summary>
    public required IReadOnlyList<FileStamp> Files { get; init; }

    /// <summary>File of reference observations, an absolute path; null for none. It decides no rows.</summary>
    public string? Events { get; init; }

    /// <summary>Whether the program answers requests for likelihoods. It decides no rows.</summary>
    public required bool HasLikelihood { get; init; }

    /// <summary>Most rows sent at once.</summary>
    public required int BatchRows { get; init; }

    /// <summary>Programs that run side by side.</summary>
    public required int Processes { get; init; }

    /// <summary>Longest time for a batch.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>Added to the first batch of a program just started.</summary>
    public required TimeSpan StartupTimeout { get; init; }

    /// <summary>How often a batch is retried after a failure.</summary>
    public required int Retries { get; init; }

    /// <summary>Whether the same row seeds give the same bytes.</summary>
    public required bool IsReproducible { get; init; }
}

/// <summary>A file as it was: an edit shows in its length or in the time of its last change.</summary>
internal sealed record FileStamp(string Path, long Length, DateTime ChangedUtc)
{
    public static FileStamp Of(string path)
    {
        var info = new FileInfo(path);
        return info.Exists ? new FileStamp(path, info.Length, info.LastWriteTimeUtc) : new FileStamp(path, -1, default);
    }

    public bool Holds => Of(Path) == this;
}
