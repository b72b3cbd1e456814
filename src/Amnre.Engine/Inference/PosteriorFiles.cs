using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Amnre.Engine.SampleFiles;
using Amnre.Engine.Simulators;
using Amnre.Engine.Tables;
using PureHDF;

namespace Amnre.Engine.Inference;

/// <summary>Posteriors on disk. Draws, <c>.h5</c>: <c>draws</c> (observations, draws, parameters) with the attribute <c>parameters</c>,
/// their names, and
/// <c>observation</c>, the places in the file; <c>.csv</c>: a line for each draw, columns by name. Summary: JSON.</summary>
internal static class PosteriorFiles
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static void WriteDraws(string path, ISimulator simulator, IReadOnlyList<ObservationPosterior> posteriors)
    {
        var mask = posteriors[0].Mask;
        string[] names = [.. mask.Indices().Select(parameter => simulator.Labels[parameter])];
        if (Path.GetExtension(path) == ".csv")
        {
            AtomicFile.Write(path, stream => WriteTable(stream, names, posteriors));
            return;
        }

        var (observations, size) = ((ulong)posteriors.Count, (ulong)names.Length);
        var count = (ulong)posteriors[0].Draws.Length / size;
        var draws = new H5Dataset<float[]>([.. posteriors.SelectMany(one => one.Draws)], fileDims: [observations, count, size]);
        draws.Attributes[SampleAttributes.Parameters] = names;
        var file = new H5File { ["draws"] = draws, ["observation"] = posteriors.Select(one => (long)one.Index).ToArray() };
        AtomicFile.Write(path, stream => file.Write(stream));
    }

    /// <summary>What the draws and densities say, one object for each observation.</summary>
    public static string Summary(ISimulator simulator, InferSettings settings, InferInputs inputs, Question question,
        IReadOnlyList<ObservationPosterior> posteriors)
    {
        var summary = new Dictionary<string, object?> { ["model"] = Path.GetFullPath(inputs.Model) };
        if (settings.Combine is { } combination)
        {
            summary["ensemble"] = inputs.Others.Select(Path.GetFullPath);
            summary["combine"] = EnumName.Of(combination);
        }

        foreach (var (key, value) in new Dictionary<string, object?>
        {
            ["observations"] = Path.GetFullPath(inputs.Observations),
            ["simulator"] = simulator.Name,
            ["seed"] = question.Seed,
            ["given"] = question.Given?.Indices().Select((parameter, place) => (simulator.Labels[parameter], question.Values[place]))
                .ToDictionary(),
            ["posteriors"] = posteriors.Select(one => new Dictionary<string, object?>
            {
                ["observation"] = one.Index,
                ["draws"] = one.Draws.Length / one.Mask.Count,
                ["missing_values"] = one.MissingValues,
                ["drawn_by"] = one.Way,
                ["effective_size"] = Math.Round(one.EffectiveSize, 1),
                ["likeness"] = one.Likeness,
                ["warnings"] = one.Warnings,
                ["parameters"] = one.Marginals.Select(marginal => new Dictionary<string, object?>
                {
                    ["name"] = marginal.Name,
                    ["mean"] = marginal.Mean,
                    ["deviation"] = marginal.Deviation,
                    ["median"] = marginal.Median,
                    ["region_68"] = Intervals(marginal.Region68),
                    ["region_95"] = Intervals(marginal.Region95),
                    ["information_nats"] = marginal.Information,
                }),
                ["pairs"] = one.Pairs.Select(pair => new Dictionary<string, object?>
                {
                    ["names"] = (string[])[pair.First, pair.Second],
                    ["information_nats"] = pair.Information,
                }),
                ["bayes_factors"] = one.BayesFactors.Select(factor => new Dictionary<string, object?>
                {
                    ["name"] = factor.Name,
                    ["value"] = factor.Value,
                    // JSON has no infinity: a density of 0 at the value.
                    ["log_bayes_factor"] = double.IsFinite(factor.Log) ? factor.Log : null,
                }),
            }),
        }) summary[key] = value;
        return JsonSerializer.Serialize(summary, Readable);
    }

    private static IEnumerable<double[]> Intervals(IReadOnlyList<(double Low, double High)> intervals) =>
        intervals.Select(interval => (double[])[interval.Low, interval.High]);

    private static void WriteTable(Stream stream, string[] names, IReadOnlyList<ObservationPosterior> posteriors)
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
        writer.WriteLine($"observation,draw,{string.Join(",", names.Select(CsvCell.Of))}");
        foreach (var one in posteriors)
        {
            for (var row = 0; row < one.Draws.Length / names.Length; row++)
            {
                writer.Write(string.Create(CultureInfo.InvariantCulture, $"{one.Index},{row}"));
                foreach (var value in one.Draws.AsSpan(row * names.Length, names.Length))
                    writer.Write(string.Create(CultureInfo.InvariantCulture, $",{value:R}"));
                writer.WriteLine();
            }
        }
    }
}
