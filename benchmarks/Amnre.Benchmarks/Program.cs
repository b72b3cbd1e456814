using Amnre.Benchmarks;
using Amnre.Engine.Native;

TorchLibrary.EnsureLoaded();
TorchLibrary.SetThreads(1);
Console.WriteLine($"one thread; medians of {Measurement.Repeats}, with least and most");
foreach (var benchmark in new Func<IEnumerable<string>>[] { SimulationBenchmark.Run, NeuronBenchmark.Run, TrainingBenchmark.Run, TruthBenchmark.Run, EvaluationBenchmark.Run })
{
    // Arguments name the benchmarks to run: Evaluation, Truth, …
    if (args.Length > 0 && !args.Any(name => benchmark.Method.DeclaringType!.Name.StartsWith(name, StringComparison.OrdinalIgnoreCase))) continue;
    foreach (var line in benchmark()) Console.WriteLine(line);
}

return 0;
