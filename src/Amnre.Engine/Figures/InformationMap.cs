using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Amnre.Engine.CornerPlots;
using Amnre.Engine.Drawing;
using Amnre.Engine.Histograms;
using Amnre.Engine.Masks;
using Amnre.Engine.Sampling;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Figures;

/// <summary>What is known of one or of many observations, of parameters and pairs.</summary>
/// <param name="Title">What it is of, in lines.</param>
/// <param name="Values">(D, D), symmetric, in nats: parameters on the diagonal; null where it is not known.</param>
internal sealed partial record InformationMap(string Title, double?[,] Values)
{
    /// <summary>One for each kind of file of an evaluation: the divergence of an observation's posterior from the prior, by its
    /// histograms; and the mean log ratio over a dataset, which is what observations tell on average.</summary>
    /// <param name="paths">Histograms of one observation (<c>.pth</c>), those of replicates averaged; and divergences (<c>.json</c>),
    /// likewise.</param>
    /// <param name="simulator">Gives the prior.</param>
    /// <param name="name">Of the series; empty for none.</param>
    /// <param name="row">Of the observation; null where it is not known.</param>
    /// <exception cref="InputException">Files of another kind, or of neither a parameter nor a pair.</exception>
    public static IReadOnlyList<InformationMap> Of(IReadOnlyList<string> paths, ISimulator simulator, string name, int? row)
    {
        var (means, histograms) = (paths.Where(path => path.EndsWith(".json", StringComparison.Ordinal)).ToList(), new List<string>());
        histograms.AddRange(paths.Except(means));
        var (maps, whose) = (new List<InformationMap>(), name.Length > 0 ? $"{name}, " : "");
        if (histograms.Count > 0)
        {
            row ??= Row(histograms);
            var series = HistogramSeries.Read(histograms, simulator, smooth: 0);
            maps.Add(new InformationMap(
                $"{whose}{(row is { } one ? $"observation row {one}" : "the observation")}:\ndivergence from the prior, nat",
                Filled(simulator, mask => series.Find(mask) is { } found ? Divergence(simulator, found) : null)));
        }

        if (means.Count > 0)
        {
            var found = means.SelectMany(path => MeanRatios(path, simulator)).ToLookup(mean => mean.Mask, mean => mean.Value);
            maps.Add(new InformationMap($"{whose}mean over the data:\nlog ratio, nat",
                Filled(simulator, mask => found[mask].Any() ? found[mask].Average() : null)));
        }

        return maps.Exists(map => map.Values.Cast<double?>().Any(value => value is not null)) ? maps
            : throw new InputException($"'{paths[0]}' tells nothing of single parameters and pairs: evaluate the masks =1 and =2");
    }

    /// <summary>The row that names of histograms say; null where they say none.</summary>
    /// <exception cref="InputException">They say several.</exception>
    private static int? Row(List<string> histograms)
    {
        int[] rows = [.. histograms.Select(path => Named().Match(path)).Where(name => name.Success)
            .Select(name => int.Parse(name.Groups[1].Value, CultureInfo.InvariantCulture)).Distinct().Order()];
        return rows.Length < 2 ? rows.Length == 0 ? null : rows[0] : throw new InputException(
            $"'{histograms[0]}' and others are of observation rows {string.Join(", ", rows)}, and a figure shows one: name its histograms");
    }

    private static double?[,] Filled(ISimulator simulator, Func<ParameterMask, double?> value)
    {
        var values = new double?[simulator.ThetaSize, simulator.ThetaSize];
        for (var i = 0; i < simulator.ThetaSize; i++)
            for (var j = 0; j <= i; j++) values[i, j] = values[j, i] = value(new ParameterMask(1u << i | 1u << j, simulator.ThetaSize));
        return values;
    }

    private static double Divergence(ISimulator simulator, Histogram posterior)
    {
        var prior = new MarginalGrid(simulator, posterior.Mask, posterior.Bins).Prior(simulator);
        return Math.Max(0, HistogramMeasures.Divergence(posterior, prior));
    }

    /// <summary>From <c>{mask: {kl, …}}</c>, as evaluations write it, the means that are numbers.</summary>
    private static List<(ParameterMask Mask, double Value)> MeanRatios(string path, ISimulator simulator)
    {
        try
        {
            // Numbers as Python writes them, of which JSON has not these.
            var root = StrictJson.Parse(NoNumber().Replace(PlainFile.Text(path), "null"))!.AsObject();
            return [.. root.Where(one => one.Value!["kl"] is not null)
                .Select(one => (MaskLabel.Parse(one.Key, simulator, path), one.Value!["kl"]!.GetValue<double>()))];
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException or FormatException or NullReferenceException
            or IOException or UnauthorizedAccessException)
        {
            throw new InputException($"'{path}' holds no mean log ratios, as evaluations with kl write them: {wrong.Message}", wrong);
        }
    }

    [GeneratedRegex("(?:^|[/_])([0-9]{1,9})_[01]+\\.pth$")]
    private static partial Regex Named();

    [GeneratedRegex("-?(NaN|Infinity)")]
    private static partial Regex NoNumber();
}
