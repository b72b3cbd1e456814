using System.Text.Json;
using System.Text.Json.Nodes;

namespace Amnre.Engine.Evaluation;

/// <summary>The means of a table, by name. <c>mean_entropy_2d</c> is over all marginals of two parameters;
/// <c>calibration_deviation</c> is the mean distance of the P–P curve from the diagonal, averaged over masks; <c>coverage_area</c>
/// is signed, above 0 if regions are too cautious.</summary>
internal static class EvaluationSummary
{
    public static void Write(string path, IReadOnlyList<ObservationResult> results, PairTests? pairs) => AtomicFile.Write(path, stream =>
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" });
        json.WriteStartObject();
        var found = Of([.. results.Select(result => result.Row)]).Concat(Sampling(results)).Concat(pairs?.Summary() ?? []);
        // JSON has no way to write the others.
        foreach (var (name, value) in found.Where(pair => double.IsFinite(pair.Value))) json.WriteNumber(name, value);
        json.WriteEndObject();
    });

    /// <summary>Adds numbers that were found after the table.</summary>
    public static void Extend(string path, IEnumerable<(string Name, double Value)> found)
    {
        var summary = JsonNode.Parse(PlainFile.Text(path))!.AsObject();
        foreach (var (name, value) in found.Where(pair => double.IsFinite(pair.Value))) summary[name] = value;
        AtomicFile.Write(path, stream =>
        {
            using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" });
            summary.WriteTo(json);
        });
    }

    public static IEnumerable<(string Name, double Value)> Of(IReadOnlyList<EvaluationRow> rows)
    {
        yield return ("observations", rows.Select(row => row.Index).Distinct().Count());
        var unlikely = rows.Where(row => row.IsWithoutProbability).Select(row => row.Index).Distinct().Count();
        if (unlikely > 0) yield return ("observations_without_probability", unlikely);
        if (rows.Min(row => row.Likeness) is { } likeness)
        {
            yield return ("min_likeness", likeness);
            yield return ("observations_unlike_simulations", rows.Where(row => row.IsUnlike).Select(row => row.Index).Distinct().Count());
        }

        foreach (var size in rows.GroupBy(row => row.Mask.Count).OrderBy(group => group.Key))
        {
            foreach (var (name, value) in new (string, Func<EvaluationRow, double?>)[]
            {
                ("total_probability", row => row.IsTotalMeasured ? row.TotalProbability : null),
                ("entropy", row => row.Entropy),
                ("entropy_truth", row => row.EntropyTruth),
                ("kl_truth", row => row.KlTruth),
                ("emd_truth", row => row.EmdTruth),
            })
            {
                var values = size.Select(value).OfType<double>().Where(double.IsFinite).ToList();
                if (values.Count > 0) yield return ($"mean_{name}_{size.Key}d", values.Average());
            }

            var percentiles = size.GroupBy(row => row.Mask)
                .Select(mask => mask.Select(row => row.Percentile).OfType<double>().Where(double.IsFinite).ToList())
                .Where(mask => mask.Count > 0).ToList();
            if (percentiles.Count == 0) continue;
            yield return ($"calibration_deviation_{size.Key}d", percentiles.Average(CalibrationDeviation));
            yield return ($"coverage_area_{size.Key}d", percentiles.Average(mask => ExpectedCoverage.Area(mask)));
        }
    }

    private static IEnumerable<(string Name, double Value)> Sampling(IReadOnlyList<ObservationResult> results) =>
        results.Where(result => result.Sampled is not null).GroupBy(result => result.Row.Mask.Count).OrderBy(group => group.Key)
            .Select(group => ($"mean_effective_size_{group.Key}d", group.Average(result => result.Sampled!.EffectiveSize)));

    /// <summary>Mean of |percentile of rank i − i/(n+1)|; 0 for perfect calibration, at most ½.</summary>
    public static double CalibrationDeviation(IReadOnlyCollection<double> percentiles) =>
        percentiles.Order().Select((value, i) => Math.Abs(value - (i + 1.0) / (percentiles.Count + 1))).Average();
}
