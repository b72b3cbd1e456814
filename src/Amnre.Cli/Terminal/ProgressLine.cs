using System.Globalization;
using Amnre.Engine;
using Amnre.Jobs.Specs;

namespace Amnre.Cli.Terminal;

/// <summary>The progress of the command's own work: on a terminal one line that is redrawn, elsewhere a line now and then.</summary>
/// <param name="output">Where the progress goes; standard error, so that results can be piped.</param>
/// <param name="width">Columns of the terminal; null when it is none.</param>
/// <param name="colour">Whether the bar may be coloured.</param>
/// <param name="title">What is being made.</param>
/// <param name="clock">Measures the pace.</param>
internal sealed class ProgressLine(TextWriter output, int? width, bool colour, string title, TimeProvider clock)
    : IProgress<RunProgress>, IDisposable
{
    private static readonly TimeSpan Reminder = TimeSpan.FromSeconds(10);

    private readonly RateEstimate _rate = new();
    private readonly HashSet<string> _said = new(StringComparer.Ordinal);
    private readonly long _started = clock.GetTimestamp();
    private long _spoken = clock.GetTimestamp();
    private bool _drawn;

    /// <summary>How far it has come.</summary>
    public RunProgress? Latest { get; private set; }

    /// <summary>How far it has come, for a sentence that continues with it: <c> after 3 of 8 steps</c>, or nothing.</summary>
    public string After => Latest is { } progress
        ? string.Create(CultureInfo.InvariantCulture, $" after {progress.Done:0} of {progress.Total:0} {progress.Unit}")
        : "";

    /// <summary>On standard error, as wide and as colourful as it is.</summary>
    public static ProgressLine OnStandardError(string title, TimeProvider clock)
    {
        var terminal = !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");
        return new ProgressLine(
            // Some terminals do not tell their width.
            Console.Error, terminal ? Console.WindowWidth is > 0 and var columns ? columns : 80 : null,
            terminal && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")), title, clock);
    }

    public void Report(RunProgress value)
    {
        Latest = value;
        _rate.See(value.Done, clock.GetTimestamp(), clock);
        var progress = ReportedProgress.Of(value, Left(value));
        if (width is { } columns)
        {
            Redraw(progress, columns);
        }
        else if (clock.GetElapsedTime(_spoken) >= Reminder)
        {
            _spoken = clock.GetTimestamp();
            output.WriteLine($"{title}: {ProgressText.Line(progress, _rate.PerSecond)}");
        }
    }

    /// <summary>Says a sentence on standard error, in the line's place; each once, though several parts of the work may tell it.</summary>
    public void Note(string sentence)
    {
        if (!_said.Add(sentence)) return;
        Dispose();
        Console.Error.WriteLine($"amnre: {sentence}");
    }

    /// <summary>Takes the line away.</summary>
    public void Dispose()
    {
        if (!_drawn) return;
        output.Write("\r\e[2K");
        output.Flush();
        _drawn = false;
    }

    private TimeSpan? Left(RunProgress progress) =>
        _rate.PerSecond is { } rate and > 0 && clock.GetElapsedTime(_started) > TimeSpan.FromSeconds(1)
            ? TimeSpan.FromSeconds((progress.Total - progress.Done) / rate)
            : null;

    private void Redraw(ReportedProgress progress, int columns)
    {
        var bar = ProgressText.Bar(progress.Fraction);
        var text = $"{title}  ";
        var figures = $"  {ProgressText.Line(progress, _rate.PerSecond)}";
        // On a narrow terminal the figures give way last, since a line that wraps cannot be redrawn.
        var room = columns - 1;
        if (text.Length + bar.Length + figures.Length > room) text = "";
        if (text.Length + bar.Length + figures.Length > room) (bar, figures) = ("", figures.TrimStart());
        if (figures.Length > room) figures = figures[..room];
        output.Write(colour && bar.Length > 0 ? $"\r\e[2K{text}\e[34m{bar}\e[0m{figures}" : $"\r\e[2K{text}{bar}{figures}");
        output.Flush();
        _drawn = true;
    }
}
