using System.Text.Json.Serialization;
using Amnre.Engine;

namespace Amnre.Jobs.Specs;

/// <summary>Progress as the ledger keeps it.</summary>
/// <param name="SecondsLeft">Estimated by the worker from the pace of this attempt; null while unknown.</param>
public sealed record ReportedProgress(
    double Done, double Total, string Unit, IReadOnlyDictionary<string, double> Metrics, double? SecondsLeft = null)
{
    public static ReportedProgress Of(RunProgress progress, TimeSpan? left) =>
        new(progress.Done, progress.Total, progress.Unit, progress.Metrics, left?.TotalSeconds);

    /// <summary>In [0, 1]; 0 while the total is unknown.</summary>
    [JsonIgnore]
    public double Fraction => Total > 0 ? Math.Clamp(Done / Total, 0, 1) : 0;
}
