using System.Text;
using Amnre.Engine;
using Amnre.Jobs.Artifacts;

namespace Amnre.Scheduler.Dashboard;

/// <summary>The end of an attempt's log.</summary>
internal static class LogTail
{
    private const int MaxBytes = 32 << 10;

    /// <returns>Its last lines, whole ones; null where there is no log.</returns>
    public static string? Read(ArtifactStore store, long token)
    {
        try
        {
            using var file = PlainFile.Open(AttemptLogs.File(store, token));
            var from = Math.Max(file.Length - MaxBytes, 0);
            file.Position = from;
            var bytes = new byte[MaxBytes];
            var text = Encoding.UTF8.GetString(bytes, 0, file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false));
            return from == 0 ? text : text[(text.IndexOf('\n', StringComparison.Ordinal) + 1)..];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
