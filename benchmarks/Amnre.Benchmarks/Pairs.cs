using System.Diagnostics;
using System.Globalization;

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

    /// <summary>The seconds that a script prints, with blanks between them; null where the system's Python cannot run it.</summary>
    public static double[]? OfPython(string script)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("/usr/bin/python3", ["-c", script]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var printed = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? Array.ConvertAll(printed.Split(' '), text => double.Parse(text, CultureInfo.InvariantCulture)) : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
