using System.Globalization;
using Amnre.Benchmarks;
using Amnre.Engine.Native;

// One benchmark measures a scheduler in a process of its own.
if (args is [OrchestrationBenchmark.SchedulerVerb])
{
    OrchestrationBenchmark.Schedule();
    return 0;
}

// Another plays a peer.
if (args is [PlainModules.Verb, .. var parts])
{
    PlainModules.Serve(parts);
    return 0;
}

// Benchmarks may be asked for by name: EvaluationBenchmark. With --document FILE their lines replace those of earlier runs in that page.
var at = Array.IndexOf(args, "--document");
var document = at >= 0 ? args.ElementAtOrDefault(at + 1) : null;
if (at >= 0 && document is null)
{
    Console.Error.WriteLine("--document needs the path of a page, such as docs/benchmarks.md");
    return 2;
}

if (Array.IndexOf(args, "--optimum") is var optimum and >= 0)
{
    if (args.ElementAtOrDefault(optimum + 1) is not { } table
        || !int.TryParse(args.ElementAtOrDefault(optimum + 2), NumberStyles.None, CultureInfo.InvariantCulture, out var rows) || rows < 2)
    {
        Console.Error.WriteLine("--optimum needs a table to write, such as benchmarks/Amnre.Benchmarks/slcp-optimum.csv, and a number of " +
            "observations, such as 8192");
        return 2;
    }

    SlcpOptimum.Write(table, rows);
    return 0;
}

if (Array.IndexOf(args, "--quality") is var quality and >= 0)
{
    if (args.ElementAtOrDefault(quality + 1) is not { } exported || document is null)
    {
        Console.Error.WriteLine("--quality needs what 'amnre export slcp-quality --json' printed, and --document a page such as " +
            "docs/results.md");
        return 2;
    }

    QualityPage.Write(exported, document);
    return 0;
}

TorchLibrary.EnsureLoaded();
if (Array.IndexOf(args, "--steps") is var steps and >= 0)
{
    if (StepProfile.Run(args[(steps + 1)..]) is not { } error) return 0;
    Console.Error.WriteLine(error);
    return 2;
}

TorchLibrary.SetThreads(1);
Console.WriteLine($"one thread; medians of {Measurement.Repeats}, with least and most");
foreach (var benchmark in new Func<IEnumerable<string>>[]
{
    PeerBenchmark.Run, SimulationBenchmark.Run, SampleFileBenchmark.Run, ReadingBenchmark.Run, NeuronBenchmark.Run, WaveBenchmark.Run,
    ProductsBenchmark.Run, TrainingBenchmark.Run, TruthBenchmark.Run, EvaluationBenchmark.Run, DrawsBenchmark.Run, RecipeBenchmark.Run, SubmissionBenchmark.Run,
    OrchestrationBenchmark.Run, ScaleBenchmark.Run,
})
{
    var name = benchmark.Method.DeclaringType!.Name;
    var asked = args.Where(argument => argument.EndsWith("Benchmark", StringComparison.Ordinal)).ToList();
    if (asked.Count > 0 && !asked.Contains(name)) continue;
    var lines = new List<string>();
    foreach (var line in benchmark())
    {
        Console.WriteLine(line);
        lines.Add(line);
    }

    if (document is not null) BenchmarkPage.Write(document, name, lines, TimeProvider.System);
}

return 0;
