using Amnre.Jobs.Graph;
using Amnre.Jobs.Views;
using Amnre.Scheduler.Markup;

namespace Amnre.Scheduler.Pages;

/// <summary>How many jobs stand where, as a strip and in words.</summary>
internal static class StateStrip
{
    private static IEnumerable<(string State, int Count)> Counts(ExperimentSummary one) =>
        new[]
        {
            ("succeeded", one.Succeeded), ("reused", one.Reused), ("running", one.Running), ("ready", one.Ready),
            ("waiting", one.Waiting), ("failed", one.Failed), ("skipped", one.Skipped), ("cancelled", one.Cancelled),
        }.Where(count => count.Item2 > 0);

    /// <summary>How many jobs are in a state; ready and queued ones are counted together, as ready.</summary>
    public static int Count(ExperimentSummary one, JobState state) =>
        Counts(one).FirstOrDefault(count => count.State == Wording.Word(state)).Count;

    public static Html Words(ExperimentSummary one) => Html.Of(
        $"""<span class="counts">{Counts(one).Select(count => Html.Of($"""<span class="count {count.State}">{count.Count} {count.State}</span>"""))}</span>""");

    public static Html Strip(ExperimentSummary one)
    {
        var start = 0.0;
        var parts = Counts(one).Select(count =>
        {
            var width = 100.0 * count.Count / Math.Max(one.Total, 1);
            var part = Html.Of($"""<rect class="{count.State}" x="{start:0.###}" y="0" width="{width:0.###}" height="1"/>""");
            start += width;
            return part;
        }).ToList();
        return Html.Of(
            $"""<svg class="strip" viewBox="0 0 100 1" preserveAspectRatio="none" role="img" aria-label="{one.Done} of {one.Total} jobs done">{parts}</svg>""");
    }
}
