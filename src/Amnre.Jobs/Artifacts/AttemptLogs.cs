using System.Globalization;

namespace Amnre.Jobs.Artifacts;

/// <summary>Where the log of each attempt is: <c>logs/attempts/0/17.log</c>, in thousands, so that no folder grows without bound.
/// Apart from the attempt's outputs, which are removed when it fails.</summary>
public static class AttemptLogs
{
    private const long PerFolder = 1000;

    /// <summary>The folder of all logs of attempts.</summary>
    public static string Folder(ArtifactStore store) => store.Absolute("logs/attempts");

    /// <summary>The log of the attempt that holds or held <paramref name="token"/>; it need not exist.</summary>
    public static string File(ArtifactStore store, long token) =>
        store.Absolute(string.Create(CultureInfo.InvariantCulture, $"logs/attempts/{token / PerFolder}/{token}.log"));
}
