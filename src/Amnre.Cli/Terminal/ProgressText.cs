using System.Globalization;
using Amnre.Jobs.Specs;

namespace Amnre.Cli.Terminal;

/// <summary>How a running job's progress reads.</summary>
internal static class ProgressText
{
    public const int BarWidth = 24;

    /// <summary>Figures worth a place on the line, in this order.</summary>
    private static readonly string[] Shown = ["epoch", "loss", "v_loss"];

    public static string Line(ReportedProgress progress, double? rate) =>
        $"{progress.Fraction:P0} of {Count(progress.Total)} {progress.Unit}{Rate(progress, rate)}{Left(progress)}{Metrics(progress)}";

    public static string Bar(double fraction)
    {
        var eighths = (int)Math.Round(Math.Clamp(fraction, 0, 1) * BarWidth * 8);
        var partial = eighths % 8 == 0 ? "" : $"{(char)('█' + 8 - eighths % 8)}";
        return (new string('█', eighths / 8) + partial).PadRight(BarWidth, '·');
    }

    public static string Rate(ReportedProgress progress, double? rate) =>
        rate is { } perSecond ? $"  {Count(perSecond)} {progress.Unit}/s" : "";

    public static string Left(ReportedProgress progress) =>
        progress.SecondsLeft is { } seconds ? $"  {Durations.Text(TimeSpan.FromSeconds(seconds))} left" : "";

    public static string Metrics(ReportedProgress progress) => string.Concat(Shown
        .Where(progress.Metrics.ContainsKey)
        .Select(name => $"  {name} {progress.Metrics[name].ToString(name == "epoch" ? "0" : "0.####", CultureInfo.InvariantCulture)}"));

    private static string Count(double value) => value switch
    {
        >= 1e6 => $"{value / 1e6:0.#} M",
        >= 1e4 => $"{value / 1e3:0.#} k",
        >= 10 => $"{value:0}",
        _ => $"{value:0.##}",
    };
}
