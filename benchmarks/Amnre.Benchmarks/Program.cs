using Amnre.Benchmarks;
using Amnre.Engine.Native;

TorchLibrary.EnsureLoaded();
TorchLibrary.SetThreads(1);
Console.WriteLine($"one thread; medians of {Measurement.Repeats}, with least and most");
foreach (var benchmark in new Func<IEnumerable<string>>[]
{
    SimulationBenchmark.Run, SampleFileBenchmark.Run, ReadingBenchmark.Run, NeuronBenchmark.Run, WaveBenchmark.Run, TrainingBenchmark.Run, TruthBenchmark.Run, EvaluationBenchmark.Run, RecipeBenchmark.Run, SubmissionBenchmark.Run, OrchestrationBenchmark.Run, ScaleBenchmark.Run,
})
{
    // Benchmarks may be asked for by name: EvaluationBenchmark.
    if (args.Length > 0 && !args.Contains(benchmark.Method.DeclaringType!.Name)) continue;
    foreach (var line in benchmark()) Console.WriteLine(line);
}

return 0;
