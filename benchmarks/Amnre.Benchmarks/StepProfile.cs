using System.Diagnostics;
using System.Globalization;
using Amnre.Engine.Native;

namespace Amnre.Benchmarks;

/// <summary>Makes steps of one training and nothing else, for a profiler to watch: <c>benchmarks/profile-step</c> says what they spend
/// their time on.</summary>
internal static class StepProfile
{
    private const string Usage = "--steps needs a model (amnre-7x256, amnre-5x128 or npe), seconds and threads, such as: --steps " +
        "amnre-7x256 10 1";

    /// <param name="arguments">Model, seconds, threads.</param>
    /// <returns>What is wrong with them; null where the steps were made.</returns>
    public static string? Run(string[] arguments)
    {
        var settings = arguments.ElementAtOrDefault(0) switch
        {
            "amnre-7x256" => TrainingSteps.Amnre(7, 256),
            "amnre-5x128" => TrainingSteps.Amnre(5, 128),
            "npe" => TrainingSteps.Npe(7, 128, 3),
            _ => null,
        };
        if (settings is null || !Number(1, out var seconds) || !Number(2, out var threads)) return Usage;

        TorchLibrary.SetThreads(threads);
        using var training = new TrainingSteps(settings with { Threads = threads });
        training.Take(20);
        var times = new List<double>();
        for (var begin = Stopwatch.StartNew(); begin.Elapsed.TotalSeconds < seconds;)
        {
            var watch = Stopwatch.StartNew();
            training.Take(1);
            times.Add(watch.Elapsed.TotalMilliseconds);
        }

        times.Sort();
        Console.WriteLine($"{times.Count} steps, {times[times.Count / 2].ToString("0.0", CultureInfo.InvariantCulture)} ms each " +
            $"(median), {times[0].ToString("0.0", CultureInfo.InvariantCulture)} at the least");
        return null;

        bool Number(int place, out int value) =>
            int.TryParse(arguments.ElementAtOrDefault(place), NumberStyles.None, CultureInfo.InvariantCulture, out value) && value > 0;
    }
}
