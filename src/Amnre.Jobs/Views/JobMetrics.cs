using System.Text.Json;
using Amnre.Engine;
using Amnre.Engine.Tables;
using Amnre.Jobs.Specs;

namespace Amnre.Jobs.Views;

/// <summary>The figures that a job ends with, from the files that it published.</summary>
public static class JobMetrics
{
    /// <summary>Of an evaluation every number of its <c>summary.json</c>; of a training the last row of its statistics.</summary>
    /// <param name="job">An evaluation, or a model of a training.</param>
    /// <param name="files">Of the experiment.</param>
    /// <param name="store">Its folder.</param>
    public static IReadOnlyList<KeyValuePair<string, double>> Of(string job, IReadOnlyList<PublishedFile> files, string store)
    {
        string? Find(string name) =>
            files.FirstOrDefault(file => TrainingModels.NameOf(file.Job, file.Name) == job
                && file.Name == TrainingModels.FolderOf(file.Name) + name) is { } file && File.Exists(Path.Combine(store, file.Path))
                ? Path.Combine(store, file.Path) : null;
        if (Find("summary.json") is { } summary) return Numbers(PlainFile.Text(summary));
        return Find(HistoryFile.Name) is { } statistics ? LastEpoch([.. PlainFile.Lines(statistics)]) : [];
    }

    /// <summary>The numbers of a JSON document by their path: <c>a.b</c>.</summary>
    /// <exception cref="JsonException">Not JSON.</exception>
    public static IReadOnlyList<KeyValuePair<string, double>> Numbers(string json)
    {
        using var document = JsonDocument.Parse(json);
        try
        {
            return [.. JsonLeaves.Of(document.RootElement).Where(leaf => leaf.Value.ValueKind == JsonValueKind.Number)
                .Select(leaf => KeyValuePair.Create(leaf.Key, leaf.Value.GetDouble()))];
        }
        catch (InvalidOperationException broken)
        {
            throw new JsonException(broken.Message, broken); // A key that holds half a character.
        }
    }

    /// <param name="lines">Of a <see cref="HistoryFile"/>.</param>
    public static IReadOnlyList<KeyValuePair<string, double>> LastEpoch(IReadOnlyList<string> lines) =>
        HistoryFile.Beginning(lines) is not [.., var last] ? []
        :
        [
            KeyValuePair.Create("epochs", (double)last.Epoch),
            KeyValuePair.Create("loss", (double)last.Mean),
            .. last.ValidationMean is { } mean ? [KeyValuePair.Create("validation loss", (double)mean)]
                : Array.Empty<KeyValuePair<string, double>>(),
        ];
}
