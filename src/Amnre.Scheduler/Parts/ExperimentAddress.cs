using Amnre.Jobs.Graph;
using Amnre.Jobs.Views;
using Amnre.Scheduler.Markup;

namespace Amnre.Scheduler.Parts;

/// <summary>Where the pages of an experiment are.</summary>
internal static class ExperimentAddress
{
    /// <param name="experiment">Whose page.</param>
    /// <param name="part">Of its pages, such as <c>/graph</c>; empty for the overview.</param>
    public static string Of(ExperimentSummary experiment, string part) => $"/experiments/{experiment.Id}{part}";

    /// <summary>Its jobs in some states; null for all.</summary>
    public static string Jobs(ExperimentSummary experiment, IReadOnlyList<JobState>? states) => Of(experiment, "/jobs")
        + (states is null ? "" : $"?{string.Join('&', states.Select(state => $"state={Wording.Word(state)}"))}");
}
