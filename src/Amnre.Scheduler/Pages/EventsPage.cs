using Amnre.Jobs.Views;
using Amnre.Scheduler.Markup;

namespace Amnre.Scheduler.Pages;

/// <summary>What happened, newest first, a page at a time: anywhere, or in one experiment.</summary>
internal static class EventsPage
{
    public const int Shown = 200;

    /// <param name="experiment">Null for all.</param>
    /// <param name="events">One more than is shown where there are more.</param>
    /// <param name="first">Whether these are the newest.</param>
    public static Page Render(ExperimentSummary? experiment, IReadOnlyList<EventLine> events, bool first)
    {
        var address = experiment is null ? "/events" : ExperimentFrame.Address(experiment, "/events");
        var body = Html.Of(
            $"""
            {(events.Count == 0 ? Html.Of($"""<p class="empty" data-key="empty">Nothing happened{(first ? " yet" : " before that")}.</p>""") : List([.. events.Take(Shown)], experiment is null))}
            {Layout.Pager(first ? null : address, events.Count > Shown ? $"{address}?before={events[Shown - 1].Id}" : null)}
            """);
        return experiment is null
            ? Layout.Page("Events", Html.Of($"<h1>Events</h1>{body}"), place: "/events")
            : ExperimentFrame.Page(experiment, "/events", body);
    }

    /// <summary>The last few, folded.</summary>
    public static Html Section(IReadOnlyList<EventLine> events, string more) => events.Count == 0 ? Html.None : Html.Of(
        $"""<section data-key="s-log"><details><summary><h2>What happened last</h2></summary>{List(events, false)}<p class="pager"><a href="{more}">All events</a></p></details></section>""");

    private static Html List(IReadOnlyList<EventLine> events, bool everywhere) => Html.Of(
        $"""<ol class="log" data-key="log">{events.Select(one => Html.Of(
            $"""<li data-key="v{one.Id}"><time>{Wording.Instant(one.At)}</time> <b>{one.Kind}</b> {(everywhere && one.ExperimentId is { } e ? Html.Of($"""<a href="/experiments/{e}">{one.Experiment}</a> """) : Html.None)}{(one.JobId is { } j ? Html.Of($"""<a href="/jobs/{j}">{one.Job}</a> """) : Html.None)}<span>{one.Message}</span></li>"""))}</ol>""");
}
