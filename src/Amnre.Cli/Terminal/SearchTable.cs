using System.Globalization;
using Amnre.Engine.Searches;
using Amnre.Jobs.Specs;
using Amnre.Jobs.Views;
using Spectre.Console;

namespace Amnre.Cli.Terminal;

/// <summary>What the searches of a study decided: each candidate with its metric by rung, the best first.</summary>
internal static class SearchTable
{
    /// <summary>Candidates that are shown; the rest is in the decisions' files.</summary>
    private const int Max = 20;

    /// <summary>Whether a job trains a candidate of a search, whose numbers are in the search's table.</summary>
    public static bool IsOfSearch(string job, IEnumerable<string> searches) =>
        searches.Any(search => job.StartsWith($"train/{search}/", StringComparison.Ordinal));

    public static void Write(IReadOnlyList<JobSnapshot> decisions, IReadOnlyList<PublishedFile> files, string store)
    {
        foreach (var search in decisions.GroupBy(job => JobKinds.SearchOfDecision(job.Name)))
        {
            List<RungDecision> rungs = [.. search.Select(job => PublishedContent.Of(
                files.FirstOrDefault(file => file.Job == job.Name && file.Name == DecisionFile.Name), store, DecisionFile.Read))
                .OfType<RungDecision>().OrderBy(one => one.Rung)];
            if (rungs.Count > 0) Write(search.Key, rungs);
        }
    }

    private static void Write(string name, List<RungDecision> rungs)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn(Markup.Escape($"search {name}: {rungs[0].Metric}"));
        foreach (var rung in rungs)
            table.AddColumn(new TableColumn($"after {rung.Epochs} epoch{(rung.Epochs == 1 ? "" : "s")}").RightAligned());
        table.AddColumn("");
        // The farther a candidate came, and the better it was there, the higher it stands.
        var order = rungs[^1].Candidates.Select(candidate => (candidate.Name,
            Places: rungs.Select(rung => rung.Candidates.First(one => one.Name == candidate.Name)).ToList()))
            .OrderByDescending(one => one.Places.Count(place => place.Rank is not null))
            .ThenBy(one => one.Places.Last(place => place.Rank is not null).Rank).ToList();
        foreach (var (candidate, places) in order.Take(Max))
        {
            var fate = places.Last(place => place.Rank is not null);
            table.AddRow([Markup.Escape(candidate),
                .. places.Select(place => place.Metric?.ToString("0.####", CultureInfo.InvariantCulture) ?? ""),
                fate.Admitted ? $"[green]{Markup.Escape(fate.Reason)}[/]" : Markup.Escape(fate.Reason)]);
        }

        AnsiConsole.Write(table);
        if (order.Count > Max) AnsiConsole.MarkupLineInterpolated($"{order.Count - Max} more candidates in searches/{name}");
    }
}
