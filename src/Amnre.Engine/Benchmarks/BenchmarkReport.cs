using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Amnre.Engine.Tables;

namespace Amnre.Engine.Benchmarks;

/// <summary>The results of the benchmark beside the published ones, as a table and a figure. The same cells give the same bytes.</summary>
public static class BenchmarkReport
{
    private static readonly JsonSerializerOptions Readable =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Columns before the published ones.</summary>
    public static IReadOnlyList<string> Columns { get; } =
        ["task", "budget", "method", "c2st", "c2st_marginals", "coverage_error", "minutes", "observations", "missing"];

    /// <summary>Writes the experiment file of a benchmark, whole or not at all.</summary>
    /// <exception cref="IOException">The disk refuses it.</exception>
    public static void WriteStudy(string path, string text) => AtomicFile.WriteText(path, text);

    /// <summary>Writes <c>STEM.csv</c>, <c>STEM.json</c>, and <c>STEM.png</c>, <c>.pdf</c> and <c>.svg</c>.</summary>
    /// <param name="cells">All that were asked for, with what is known of them.</param>
    /// <param name="stem">Path that the files' names begin with.</param>
    /// <returns>The files.</returns>
    /// <exception cref="IOException">The disk refuses one.</exception>
    public static IReadOnlyList<string> Write(IReadOnlyList<BenchmarkCell> cells, string stem)
    {
        AtomicFile.WriteText($"{stem}.csv", Csv(cells));
        AtomicFile.WriteText($"{stem}.json", $"{Json(cells)}\n");
        BenchmarkFigure.Of(cells).Save(stem);
        return [$"{stem}.csv", $"{stem}.json", .. Drawing.Picture.Formats.Select(format => stem + format)];
    }

    /// <summary>A row for each cell: <see cref="Columns"/>, then a column for each published method. What is not known is empty.</summary>
    public static string Csv(IReadOnlyList<BenchmarkCell> cells)
    {
        var text = new StringBuilder(string.Join(",", Columns.Concat(PublishedResults.Methods.Select(one => $"published_{one}"))));
        text.Append('\n');
        foreach (var cell in cells)
        {
            var published = PublishedResults.Of(cell.Task, cell.Budget);
            string[] cellTexts = [cell.Task, Text(cell.Budget), cell.Method, Text(cell.Joint), Text(cell.Marginals),
                Text(cell.CoverageError), Text(cell.Minutes), Text(cell.Compared), cell.Missing,
                .. PublishedResults.Methods.Select((_, i) => Text(published?[i]))];
            text.Append(string.Join(",", cellTexts.Select(CsvCell.Of))).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>The same as a list of objects; what is not known is null.</summary>
    public static string Json(IReadOnlyList<BenchmarkCell> cells) => new JsonArray([.. cells.Select(cell => new JsonObject
    {
        ["task"] = cell.Task,
        ["budget"] = cell.Budget,
        ["method"] = cell.Method,
        ["c2st"] = cell.Joint,
        ["c2st_marginals"] = cell.Marginals,
        ["coverage_error"] = cell.CoverageError,
        ["minutes"] = cell.Minutes,
        ["observations"] = cell.Compared,
        ["missing"] = cell.Missing.Length > 0 ? cell.Missing : null,
        ["published"] = PublishedResults.Of(cell.Task, cell.Budget) is { } known
            ? new JsonObject(PublishedResults.Methods.Zip(known, (method, value) => KeyValuePair.Create(method, (JsonNode?)value)))
            : null,
    })]).ToJsonString(Readable);

    private static string Text(double? value) => value?.ToString("0.####", CultureInfo.InvariantCulture) ?? "";
}
