using Amnre.Jobs.Views;
using Amnre.Scheduler.Charts;
using Amnre.Scheduler.Markup;

namespace Amnre.Scheduler.Pages;

/// <summary>An experiment's graph, its groups folded until they are opened.</summary>
internal static class GraphPage
{
    /// <summary>Jobs of an opened group that are drawn.</summary>
    public const int Drawn = 150;

    public static Page Render(ExperimentSummary experiment, GraphShape shape, IReadOnlyList<string> open)
    {
        string Address(IEnumerable<string> groups) =>
            ExperimentFrame.Address(experiment, "/graph") + (groups.ToList() is { Count: > 0 } some
            ? $"?{string.Join('&', some.Select(group => $"open={Uri.EscapeDataString(group)}"))}" : "");
        return ExperimentFrame.Page(experiment, "/graph", Html.Of(
            $"""
            <p class="choices" data-key="choices">{(open.Count == 0 ? Html.Of($"""<span class="quiet">A box is a group of jobs and reads from those on its left. Open one to see its jobs.</span>""")
                : Html.Of($"""<span class="quiet">Opened:</span>{open.Select(group => Html.Of($"""<a data-key="o{group}" href="{Address(open.Where(one => one != group))}" title="Fold it">{group} ×</a>"""))}"""))}</p>
            {(shape.Left == 0 ? Html.None : Html.Of($"""<p class="warning" data-key="left">{shape.Left} more jobs are not drawn: <a href="{ExperimentFrame.Address(experiment, "/jobs")}">all jobs as a list</a></p>"""))}
            {(shape.Boxes.Count == 0 ? Html.Of($"""<p class="empty">It has no jobs.</p>""")
                : Html.Of($"""<div class="scroll drawing" tabindex="0" role="region" aria-label="Graph">{GraphDrawing.Draw(shape, box => Address(open.Append(box.Key[2..])))}</div>"""))}
            {StateStrip.Words(experiment)}
            """));
    }
}
