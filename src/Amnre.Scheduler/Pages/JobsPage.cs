using Amnre.Jobs.Graph;
using Amnre.Jobs.Views;
using Amnre.Scheduler.Markup;

namespace Amnre.Scheduler.Pages;

/// <summary>Jobs of one experiment in plan order, by state, a page at a time.</summary>
internal static class JobsPage
{
    public const int Shown = 200;

    /// <param name="experiment">Whose jobs.</param>
    /// <param name="states">Null for all.</param>
    /// <param name="jobs">One more than is shown where there are more.</param>
    /// <param name="first">Whether this is the beginning.</param>
    /// <param name="now">UTC.</param>
    public static Page Render(ExperimentSummary experiment, IReadOnlyList<JobState>? states, IReadOnlyList<JobSnapshot> jobs, bool first,
        DateTime now)
    {
        var running = states is [JobState.Running];
        return ExperimentFrame.Page(experiment, "/jobs", Html.Of(
            $"""
            <p class="choices" data-key="choices"><a href="{Address(experiment, null)}"{Layout.Current(states is null)}>all</a>
            {Enum.GetValues<JobState>().Where(state => StateStrip.Count(experiment, state) > 0 || state is JobState.Queued && experiment.Ready > 0)
                .Select(state => Html.Of($"""<a data-key="c{state}" href="{Address(experiment, [state])}"{Layout.Current(states is [var one] && one == state)}>{Wording.Word(state)}</a>"""))}</p>
            {(jobs.Count == 0 ? Html.Of($"""<p class="empty" data-key="empty">No such jobs{(first ? "" : " after that")}.</p>""")
                : Layout.Table("Jobs", running ? ExperimentPage.RunningColumns : ExperimentPage.OtherColumns, [.. jobs.Take(Shown)], Shown, job => $"j{job.Id}",
                    job => running ? ExperimentPage.RunningCells(job, now) : ExperimentPage.OtherCells(job, now)))}
            {Layout.Pager(first ? null : Address(experiment, states), jobs.Count > Shown ? $"{Address(experiment, states)}{(states is null ? '?' : '&')}after={jobs[Shown - 1].Ordinal}" : null)}
            """));
    }

    private static string Address(ExperimentSummary experiment, IReadOnlyList<JobState>? states) =>
        ExperimentFrame.Address(experiment, "/jobs")
        + (states is null ? "" : $"?{string.Join('&', states.Select(state => $"state={Wording.Word(state)}"))}");
}
