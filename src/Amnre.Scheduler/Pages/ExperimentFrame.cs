using Amnre.Jobs.Views;
using Amnre.Scheduler.Markup;

namespace Amnre.Scheduler.Pages;

/// <summary>What the pages of one experiment share: its name, state and the way from one to the other.</summary>
internal static class ExperimentFrame
{
    private static readonly (string Part, string Title)[] Tabs =
    [
        ("", "Overview"), ("/graph", "Graph"), ("/runs", "Runs"), ("/curves", "Loss curves"), ("/parallel", "Settings × metrics"),
        ("/figures", "Figures"), ("/jobs", "Jobs"), ("/events", "Events"),
    ];

    public static string Address(ExperimentSummary experiment, string part) => $"/experiments/{experiment.Id}{part}";

    public static Page Page(ExperimentSummary experiment, string part, Html body) => Layout.Page(
        part.Length == 0 ? experiment.Name : $"{Tabs.First(tab => tab.Part == part).Title}: {experiment.Name}", Html.Of(
        $"""
        <div class="title"><h1>{experiment.Name}</h1><span class="quiet">version {experiment.Version}</span>{Layout.Badge(Wording.Word(experiment))}
        <span class="quiet" role="status">{experiment.Done} of {experiment.Total} jobs done</span></div>
        <nav class="tabs" aria-label="Experiment">{Tabs.Select(tab => Html.Of($"""<a href="{Address(experiment, tab.Part)}"{Layout.Current(tab.Part == part)}>{tab.Title}</a>"""))}</nav>
        {body}
        """), place: "/");
}
