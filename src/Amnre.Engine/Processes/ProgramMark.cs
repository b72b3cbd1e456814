using System.Globalization;
using System.Text;

namespace Amnre.Engine.Processes;

/// <summary>A variable in the environment of a program, which all that it starts inherits. By it they are found wherever they went: a
/// process that made a session of its own and let its parent end (<c>setsid</c>, twice <c>fork</c>) belongs to no group of ours and is
/// no child of ours.</summary>
/// <param name="Value">Never used twice.</param>
internal readonly record struct ProgramMark(string Value)
{
    public const string Variable = "AMNRE_PROGRAM";

    /// <summary>More than any tree of processes grows by while it is being stopped.</summary>
    private const int MaxRounds = 100;

    public static ProgramMark New() => new(Guid.NewGuid().ToString("N"));

    /// <summary>The mark of one of several programs; what bears it bears this one too.</summary>
    public ProgramMark Of(int number) => new(string.Create(CultureInfo.InvariantCulture, $"{Value}.{number}."));

    /// <summary>Kills every process that bears the mark, until none is left. They are stopped first, so that none starts another
    /// meanwhile.</summary>
    public void Kill()
    {
        for (var round = 0; round < MaxRounds; round++)
        {
            var stopped = new HashSet<int>();
            // A process that was started in between shows at the next look.
            while (Bearers().Where(stopped.Add).ToList() is { Count: > 0 } found) found.ForEach(ProcessGroup.Stop);
            if (stopped.Count == 0) return;
            foreach (var id in stopped) ProcessGroup.KillOne(id);
        }
    }

    private IEnumerable<int> Bearers()
    {
        var sought = Encoding.ASCII.GetBytes($"{Variable}={Value}");
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) || id < 2
                || id == Environment.ProcessId) continue;
            if (Environ(folder).AsSpan().IndexOf(sought) >= 0) yield return id;
        }
    }

    /// <summary>Empty for a process that is another user's, or gone, or dead and not yet buried.</summary>
    private static byte[] Environ(string folder)
    {
        try
        {
            return PlainFile.Bytes(Path.Combine(folder, "environ"));
        }
        catch (Exception closed) when (closed is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
