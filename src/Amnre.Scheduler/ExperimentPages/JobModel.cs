using System.Text.Encodings.Web;
using System.Text.Json;
using Amnre.Engine.Settings;
using Amnre.Jobs.Specs;
using Amnre.Jobs.Views;
using Amnre.Scheduler.Charts;
using Amnre.Scheduler.Markup;
using Amnre.Scheduler.Runs;

namespace Amnre.Scheduler.ExperimentPages;

/// <summary>One job: why it is where it is, every attempt at it, what it made, of what, and its settings.</summary>
/// <param name="Facts">Null where the job has just gone.</param>
/// <param name="Log">The end of the log of the latest attempt; null without one.</param>
/// <param name="Findings">The numbers or the verdict that it published.</param>
/// <param name="Now">The database's clock, UTC.</param>
public sealed record JobModel(
    JobDetail Job, JobFacts? Facts, IReadOnlyList<AttemptSnapshot> Attempts, IReadOnlyList<LedgerFile> Files,
    IReadOnlyList<LineageJob> Lineage, string? Log, IReadOnlyList<LossHistory> Losses, JobFindings Findings,
    DateTime Now)
{
    /// <summary>Rows of a table.</summary>
    public const int Max = 100;

    private const int MaxPictures = 12;
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public JobExplanation? Explanation { get; } = Facts is null ? null : JobExplanation.Of(Facts);

    /// <summary>The reason for the job's state, where its explanation does not tell it.</summary>
    public string? Reason =>
        Job.Reason is { } reason && Explanation?.Standing.Any(sentence => sentence.Contains(reason, StringComparison.Ordinal)) != true
        ? Job.Reason
        : null;

    /// <summary>As it is read by people.</summary>
    public string Settings => JsonSerializer.Serialize(
        JsonSerializer.Deserialize<JsonElement>(SettingName.InDocument(Job.Settings)), Readable);

    public IReadOnlyList<FigureFile> Pictures =>
        [.. Files.Where(file => file.Name.EndsWith(".png", StringComparison.Ordinal)).Take(MaxPictures)
            .Select(file => new FigureFile(Job.Id, Job.Name, Wording.Word(JobKind.Plot), file.Token, file.Name))];

    /// <summary>Training and validation losses of each model that has any.</summary>
    public IReadOnlyList<Curve> Curves
    {
        get
        {
            var begun = Losses.Where(losses => losses.Epochs.Count > 0).ToList();
            return [.. begun.SelectMany((model, i) => CurvesOf(model, begun.Count == 1 ? "" : $"{model.Name}, ", i))];
        }
    }

    private static Curve[] CurvesOf(LossHistory model, string name, int colour) =>
    [
        new($"{name}training", $"{name}training", colour, true, [.. model.Epochs.Select(epoch => new Point(epoch.Epoch, epoch.Mean))]),
        new($"{name}validation", $"{name}validation", colour, false,
            [.. model.Epochs.Where(epoch => epoch.ValidationMean is not null)
                .Select(epoch => new Point(epoch.Epoch, epoch.ValidationMean!.Value))]),
    ];
}
