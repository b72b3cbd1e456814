using Amnre.Engine;
using Amnre.Engine.Tables;
using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Specs;
using Amnre.Jobs.Views;

namespace Amnre.Scheduler.Runs;

/// <summary>An epoch's mean losses.</summary>
/// <param name="ValidationMean">Null without a validation set.</param>
public sealed record EpochLoss(int Epoch, double Seconds, double Mean, double? ValidationMean);

/// <summary>The epochs of a training so far.</summary>
public sealed record LossHistory(long Job, string Name, bool Running, IReadOnlyList<EpochLoss> Epochs)
{
    private const long LargestFile = 32 << 20;

    /// <summary>One for each model of a training.</summary>
    public static IEnumerable<LossHistory> Of(ArtifactStore store, TrainingCurves training) => training.Models.Select(model =>
        new LossHistory(training.Job, model.Name, training.Running, Read(store, training.Fingerprint, training.Token, model.Folder)));

    /// <summary>From the statistics that a training writes into its attempt's folder with each checkpoint and at its end. A training that
    /// resumes from a checkpoint writes the epochs before it too. Empty before the first, and where the file is gone.</summary>
    /// <param name="folder">Of the model within the attempt's.</param>
    public static IReadOnlyList<EpochLoss> Read(ArtifactStore store, Fingerprint fingerprint, long token, string folder)
    {
        try
        {
            var file = new FileInfo(Path.Combine(store.AttemptDirectory(fingerprint, token), folder, HistoryFile.Name));
            return file.Exists && file.Length <= LargestFile ? Parse([.. PlainFile.Lines(file.FullName)]) : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <param name="lines">Of a <see cref="HistoryFile"/>; up to the first that does not fit.</param>
    internal static List<EpochLoss> Parse(string[] lines) =>
        [.. HistoryFile.Beginning(lines).Select(one => new EpochLoss(one.Epoch, one.Seconds, one.Mean, one.ValidationMean))];
}
