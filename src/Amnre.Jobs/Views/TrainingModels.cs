using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Amnre.Engine.Settings;
using Amnre.Jobs.Specs;

namespace Amnre.Jobs.Views;

/// <summary>One of the models of a training job; of another job, the job itself.</summary>
/// <param name="Name">The job's, with the replicate's number: <c>train/amnre-2</c>.</param>
/// <param name="Folder">Where the job puts its files; empty for the only one.</param>
/// <param name="Settings">Canonical JSON, as if it were trained alone.</param>
public sealed record TrainingModel(string Name, string Folder, string Settings);

/// <summary>The models that a training job makes, for tables and charts, in which each has a row. Pure.</summary>
public static partial class TrainingModels
{
    /// <param name="job">Name of the job.</param>
    /// <param name="kind">What it does.</param>
    /// <param name="settings">Canonical JSON.</param>
    public static IReadOnlyList<TrainingModel> Of(string job, JobKind kind, string settings)
    {
        if (kind != JobKind.Train || JsonNode.Parse(settings) is not JsonObject fields || fields["replicates"] is not JsonValue value
            || !value.TryGetValue<int>(out var count) || count is < 1 or > TrainSettings.MaxReplicates)
            return [new TrainingModel(job, "", settings)];
        fields.Remove("replicates");
        var seed = fields["seed"]?.GetValue<ulong>() ?? 0;
        return [.. Enumerable.Range(1, count).Select(i =>
        {
            fields["seed"] = seed + (ulong)(i - 1);
            return new TrainingModel(Name(job, i), ReplicateFolder.Of(i), fields.ToJsonString());
        })];
    }

    /// <summary>The name of the model that a training job's file belongs to.</summary>
    /// <param name="job">Name of the job.</param>
    /// <param name="file">Name of its output, such as <c>2/model.pth</c>.</param>
    public static string NameOf(string job, string file) =>
        InFolder().Match(file) is { Success: true } match
        ? Name(job, int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture))
        : job;

    /// <summary>The folder of such a file; empty where it lies in none.</summary>
    public static string FolderOf(string file) => InFolder().Match(file) is { Success: true } match ? $"{match.Groups[1].Value}/" : "";

    private static string Name(string job, int replicate) => string.Create(CultureInfo.InvariantCulture, $"{job}-{replicate}");

    [GeneratedRegex(@"^([1-9][0-9]{0,3})/model\.")]
    private static partial Regex InFolder();
}
