using Amnre.Engine;
using Amnre.Engine.Checkpoints;
using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Specs;

namespace Amnre.Scheduler.Runs;

/// <summary>The epochs of a training so far.</summary>
internal sealed record LossHistory(long Job, string Name, bool Running, IReadOnlyList<EpochStatistics> Epochs)
{
    private const string Statistics = "model.csv";
    private const long LargestFile = 32 << 20;

    /// <summary>From the statistics that a training writes into its attempt's folder with each checkpoint and at its end. A training that goes on from a checkpoint
    /// writes the epochs before it too. Empty before the first, and where the file is gone.</summary>
    public static IReadOnlyList<EpochStatistics> Read(ArtifactStore store, Fingerprint fingerprint, long token)
    {
        try
        {
            var file = new FileInfo(Path.Combine(store.AttemptDirectory(fingerprint, token), Statistics));
            return file.Exists && file.Length <= LargestFile ? HistoryFile.Read(file.FullName) : [];
        }
        catch (Exception e) when (e is InputException or IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
