using System.Globalization;
using Amnre.Engine;
using Amnre.Engine.Searches;
using Amnre.Jobs.Views;
using Spectre.Console;

namespace Amnre.Cli.Terminal;

/// <summary>What the searches of a study decided: each candidate with its metric by rung, the best first.</summary>
internal static class SearchTable
{
    /// <summary>Candidates that are shown; the rest is in the decisions' files.</summary>
    private const int Max = 20;

    /// <summary>Whether a job trains a candidate of a search, whose numbers are in the search's table.</summary>
    public static bool IsOfSearch(string job, IEnumerable<string> decisions) =>
        decisions.Any(decision => job.StartsWith($"train/{decision["decide/".Length..]}/", StringComparison.Ordinal));

    public static void Write(IReadOnlyList<JobSnapshot> decisions, IReadOnlyList<PublishedFile> files, string store)
    {
        foreach (var search in decisions.GroupBy(job => job.Name[..job.Name.LastIndexOf('/')]))
        {
            List<RungDecision> rungs = [.. search.Select(job => Read(job.Name, files, store)).OfType<RungDecision>()
                .OrderBy(one => one.Rung)];
            if (rungs.Count > 0) Write(search.Key["decide/".Length..], rungs);
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

    /// <summary>Null where its file is out of reach or damaged: whoever reads it next finds that.</summary>
    private static RungDecision? Read(string job, IReadOnlyList<PublishedFile> files, string store)
    {
        try
        {
            return files.FirstOrDefault(file => file.Job == job && file.Name == DecisionFile.Name) is { } file
                && File.Exists(Path.Combine(store, file.Path)) ? DecisionFile.Read(Path.Combine(store, file.Path)) : null;
        }
        catch (InputException)
        {
            return null;
        }
    }
}
