using System.Globalization;
using Amnre.Engine;

namespace Amnre.Cli.Local;

/// <summary>How many files and connections a process may have open. The runtime raises its soft limit to the hard one, which only
/// administrators raise.</summary>
internal static class OpenFiles
{
    /// <summary>A scheduler with its pages, or the private server of a few workers, comes near so many.</summary>
    public const int Enough = 1024;

    private const string Limits = "/proc/self/limits", Line = "Max open files";

    /// <summary>The limit that holds now; null where there is none, or none is known.</summary>
    public static int? Limit()
    {
        if (!File.Exists(Limits)) return null;
        // Max open files            1024                 524288               files
        var fields = PlainFile.Lines(Limits)
            .FirstOrDefault(line => line.StartsWith(Line, StringComparison.Ordinal))?[Line.Length..].Split(' ',
                StringSplitOptions.RemoveEmptyEntries);
        return fields is [var soft, ..] && int.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
            ? limit
            : null;
    }

    /// <summary>With fewer the runtime itself ends a scheduler while it loads its libraries.</summary>
    public const int Min = 512;

    /// <summary>For who starts something that needs many: refused where it cannot work, and told where it may not suffice.</summary>
    /// <exception cref="InputException">There are too few.</exception>
    public static void Require(TextWriter output)
    {
        if (Lacking() is not { } lacking) return;
        if (Limit() < Min) throw new InputException(lacking);
        output.WriteLine($"amnre: {lacking}");
    }

    /// <summary>What to tell who starts something that needs many; null where there are enough.</summary>
    public static string? Lacking() => Limit() is { } limit && limit < Enough
        ? $"only {limit} files and connections may be open at once here (ulimit -n), and that may not suffice: raise it to {Enough} or " +
            $"more with 'ulimit -n {Enough}', or, where the hard limit is lower, in limits.conf or the service"
        : null;
}
