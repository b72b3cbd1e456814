using System.Diagnostics;

namespace Amnre.Benchmarks;

/// <summary>Times of one piece of work. Machines are shared: compare figures of one run, and quote ratios.</summary>
/// <param name="Median">Seconds.</param>
/// <param name="Least">Seconds.</param>
/// <param name="Most">Seconds.</param>
internal sealed record Measurement(double Median, double Least, double Most)
{
    public const int Repeats = 7;

    /// <summary>The runtime compiles what runs often a second time, better; what is measured is what comes after.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);

    /// <summary>Runs <paramref name="work"/> to warm up, then <see cref="Repeats"/> times.</summary>
    public static Measurement Of(Action work)
    {
        for (var begin = Stopwatch.StartNew(); begin.Elapsed < WarmUp;) work();
        var times = new double[Repeats];
        for (var i = 0; i < Repeats; i++)
        {
            var watch = Stopwatch.StartNew();
            work();
            times[i] = watch.Elapsed.TotalSeconds;
        }

        Array.Sort(times);
        return new Measurement(times[Repeats / 2], times[0], times[^1]);
    }

    /// <summary>Seconds of one run, for what takes long.</summary>
    public static double Once(Action work)
    {
        var watch = Stopwatch.StartNew();
        work();
        return watch.Elapsed.TotalSeconds;
    }

    public string Rate(double units, string unit) =>
        $"{units / Median:0.00} {unit}/s ({units / Most:0.00} to {units / Least:0.00})";
}
