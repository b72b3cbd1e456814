using System.Text.Json;
using System.Text.Json.Nodes;
using Amnre.Engine.Settings;

namespace Amnre.Engine.CornerPlots;

/// <summary>The JSON description of corner figures:
/// <c>{"items": [{"files": glob or list, "marginalize": bool, "smooth": number}…], "legend": [text or null…], "star": [h5, row],
/// "given": {name: value…}, "masks": [mask…] or {mask: {"size": inches, "quantiles": […], "hide_legend": bool}…}}</c>.</summary>
/// <param name="Items">The series.</param>
/// <param name="Legend">A name for each series, empty for none.</param>
/// <param name="Star">Dataset and row of the true parameters.</param>
/// <param name="Masks">The figures.</param>
/// <param name="Given">Values that the posteriors are conditioned on, said above the figures; null for none.</param>
/// <param name="Ignored">Keys that mean nothing here.</param>
internal sealed record CornerDescription(
    IReadOnlyList<CornerItem> Items, IReadOnlyList<string> Legend, (string Path, int Row)? Star, IReadOnlyList<CornerMask> Masks,
    IReadOnlyDictionary<string, float>? Given, IReadOnlyList<string> Ignored)
{
    /// <exception cref="InputException">Missing, or not such a description.</exception>
    public static CornerDescription Read(string path)
    {
        var root = DescriptionFile.Read(path);
        var ignored = new List<string>();
        try
        {
            Collect(root, ["items", "legend", "star", "masks", "given"], "", ignored);
            var items = Required(root, "items").AsArray().Select(node => Item(node!.AsObject(), ignored)).ToList();
            List<string> legend = root["legend"] is JsonArray names ? [.. names.Select(name => name?.GetValue<string>() ?? "")] : [];
            (string, int)? star = root["star"] is JsonArray { Count: 2 } pair
                ? (pair[0]!.GetValue<string>(), pair[1]!.GetValue<int>())
                : null;
            List<CornerMask> masks = Required(root, "masks") switch
            {
                JsonArray list => [.. list.Select(mask => new CornerMask(mask!.GetValue<string>(), null, null, false))],
                var map => [.. map.AsObject().Select(pair => Mask(pair.Key, pair.Value!.AsObject(), ignored))],
            };
            var given = root["given"]?.AsObject().ToDictionary(pair => pair.Key, pair => pair.Value!.GetValue<float>());
            return new CornerDescription(items, legend, star, masks, given, ignored);
        }
        catch (Exception error) when (error is InvalidOperationException or FormatException or NullReferenceException)
        {
            throw new InputException($"'{path}' is not a description of corner figures: {error.Message}", error);
        }
    }

    private static CornerItem Item(JsonObject item, List<string> ignored)
    {
        Collect(item, ["files", "marginalize", "smooth"], "items.", ignored);
        var smooth = item["smooth"]?.GetValue<double>() ?? 0;
        return smooth is >= 0 and <= PlotSettings.MaxSmoothing
            ? new CornerItem(DescriptionFile.Patterns(Required(item, "files")), item["marginalize"]?.GetValue<bool>() ?? false, smooth)
            : throw new FormatException(
                $"a smoothing of {smooth} bins cannot be: write a number from 0 to {PlotSettings.MaxSmoothing}");
    }

    private static CornerMask Mask(string mask, JsonObject options, List<string> ignored)
    {
        Collect(options, ["size", "quantiles", "hide_legend"], $"masks.{mask}.", ignored);
        var size = options["size"]?.GetValue<double>();
        if (size is not (null or (> 0 and <= PlotSettings.MaxInches)))
            throw new FormatException(
                $"a figure of {size} inches cannot be: write a number above 0, up to {PlotSettings.MaxInches}");
        return new CornerMask(
            mask, size, options["quantiles"] is JsonArray quantiles
                ? [.. quantiles.Select(quantile => quantile!.GetValue<double>())]
                : null,
            options["hide_legend"]?.GetValue<bool>() ?? false);
    }

    private static void Collect(JsonObject node, string[] known, string prefix, List<string> ignored) =>
        ignored.AddRange(node.Select(pair => pair.Key).Except(known).Select(key => prefix + key));

    private static JsonNode Required(JsonObject node, string key) => node[key] ?? throw new FormatException($"it lacks '{key}'");
}

/// <summary>A series: patterns of its files, whether marginals are summed from histograms of more parameters, and smoothing in
/// bins.</summary>
internal sealed record CornerItem(IReadOnlyList<string> Files, bool Marginalize, double Smooth);

/// <summary>One figure: its mask, width in inches, masses of regions, and whether it has no legend.</summary>
internal sealed record CornerMask(string Mask, double? Size, IReadOnlyList<double>? Quantiles, bool HideLegend);

/// <summary>JSON descriptions of figures.</summary>
internal static class DescriptionFile
{
    private const int LongestText = 1 << 20;

    /// <param name="path">A file, or the description itself.</param>
    /// <exception cref="InputException">Missing, or not a JSON object.</exception>
    public static JsonObject Read(string path)
    {
        try
        {
            return StrictJson.Parse(path.TrimStart().StartsWith('{') ? path : PlainFile.TextOrPipe(path, LongestText)) as JsonObject
                ?? throw new InputException($"'{path}' is not a JSON object");
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new InputException($"'{path}' is not a readable description of figures: {error.Message}", error);
        }
    }

    /// <summary>One pattern, or a list of them.</summary>
    /// <exception cref="InputException">Neither.</exception>
    public static IReadOnlyList<string> Patterns(JsonNode node)
    {
        IEnumerable<JsonNode?> patterns = node as JsonArray ?? (IEnumerable<JsonNode?>)new[] { node };
        return [.. patterns.Select(pattern => pattern is JsonValue value && value.TryGetValue<string>(out var text)
            ? text
            : throw new InputException($"{node.ToJsonString()} names no files: write a pattern or a list of them"))];
    }
}
