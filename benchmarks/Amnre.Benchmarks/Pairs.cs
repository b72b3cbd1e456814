using System.Diagnostics;

namespace Amnre.Benchmarks;

/// <summary>Times taken in turns with those of another program, so that what else the machine does falls on both.</summary>
internal static class Pairs
{
    public static double Seconds(Action work)
    {
        var begin = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(begin).TotalSeconds;
    }

    public static double Median(IEnumerable<double> seconds)
    {
        double[] sorted = [.. seconds.Order()];
        return sorted[sorted.Length / 2];
    }
}
