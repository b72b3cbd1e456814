using Amnre.Jobs.Views;
using Amnre.Scheduler.Parts;

namespace Amnre.Scheduler.ExperimentPages;

/// <summary>An experiment's graph, its groups folded until they are opened.</summary>
/// <param name="Open">Names of the opened groups.</param>
public sealed record GraphModel(ExperimentSummary Experiment, GraphShape Shape, IReadOnlyList<string> Open)
{
    /// <summary>Jobs of an opened group that are drawn.</summary>
    public const int Drawn = 150;

    public string WithOpen(GraphBox box) => Address(Open.Append(box.Key[2..]));

    public string WithFolded(string group) => Address(Open.Where(one => one != group));

    private string Address(IEnumerable<string> groups) => ExperimentAddress.Of(Experiment, "/graph")
        + (groups.ToList() is { Count: > 0 } some
            ? $"?{string.Join('&', some.Select(group => $"open={Uri.EscapeDataString(group)}"))}"
            : "");
}
