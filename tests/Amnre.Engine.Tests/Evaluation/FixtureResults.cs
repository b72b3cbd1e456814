using System.Globalization;
using Amnre.Engine.Catalog;
using Amnre.Engine.Estimators;
using Amnre.Engine.Evaluation;
using Amnre.Engine.Histograms;
using Amnre.Engine.Masks;
using Amnre.Engine.Settings;
using Amnre.Engine.Tests.Golden;

namespace Amnre.Engine.Tests.Evaluation;

/// <summary>Runs evaluations of the original's models on the original's samples, and reads the tables that the original made of
/// them.</summary>
internal static class FixtureResults
{
    /// <summary>Settings that the original's small evaluations share.</summary>
    public static EvaluateSettings Settings(string name) => new()
    {
        Simulator = name.StartsWith("hh", StringComparison.Ordinal) ? "HH" : "SLCP",
        Seed = 1,
        Threads = 2,
        BatchSize = 256,
        Steps = 96,
        Burn = 32,
        Bins = 20,
        DeriveMarginals = false,
    };

    public static List<string> Run(string model, string samples, EvaluateSettings settings, string table)
    {
        var simulator = SimulatorCatalog.Find(settings.Simulator);
        var inputs = new EvaluateInputs(GoldenFile.Path($"fixtures/{model}.pth"), samples);
        using var posterior = TrainedModel.Load(inputs.Model, simulator, settings.Threads);
        var notes = new List<string>();
        var outputs = EvaluationOutputs.Beside(table, samples);
        Assert.Equal(RunEnd.Completed,
            EvaluationRun.Run(settings, simulator, posterior, inputs, outputs, RunContexts.Quiet with { Note = notes.Add }));
        // The original's models do not say what they were trained on; each evaluation says that once.
        Assert.Equal(1, notes.RemoveAll(note => note.Contains("cannot be checked", StringComparison.Ordinal)));
        return notes;
    }

    public static string Samples(string name) => GoldenFile.Path($"fixtures/{name}.h5");

    /// <summary>A table's rows by index and mask, each a map from column to number.</summary>
    public static Dictionary<(string Index, string Mask), Dictionary<string, double>> Table(string path)
    {
        var lines = File.ReadAllLines(path);
        var header = lines[0].Split(',');
        return lines.Skip(1).Select(line => line.Split(',')).ToDictionary(
            cells => (cells[0], cells[1]),
            cells => header.Zip(cells).Skip(2).ToDictionary(pair => pair.First, pair => Number(pair.Second)));
    }

    public static double Number(string text) => text.Length == 0 ? double.NaN : double.Parse(text, CultureInfo.InvariantCulture);

    public static IHistogram Histogram(string name) => HistogramFile.Read(GoldenFile.Path($"results/{name}.pth"));

    public static ParameterMask Mask(string text) => ParameterMask.Parse(text);
}
