using Amnre.Jobs.Views;

namespace Amnre.Scheduler.Charts;

/// <summary>What a box of a graph says. Pure.</summary>
internal sealed class GraphWords
{
    private const int LongestTitle = 28, LongestLine = 32;

    private static readonly string[] Order = ["succeeded", "reused", "running", "queued", "ready", "waiting", "failed", "skipped",
        "cancelled", "pruned"];

    public GraphWords(GraphBox box)
    {
        States = [.. box.States.OrderBy(state => Array.IndexOf(Order, state.Key)).Select(state => (state.Key, state.Value))];
        var words = box.Job is null ? string.Join(", ", States.Select(state => $"{state.Count} {state.State}")) : States[0].State;
        var said = box.Job is null ? $"{box.Count} job{(box.Count == 1 ? "" : "s")}: {words}" : words;
        Full = $"{box.Title}: {words}";
        Title = Short(box.Title);
        Lines = Broken(said);
        var seen = $"{Title} {string.Join(' ', Lines)}";
        Label = Title == box.Title && string.Join(' ', Lines) == said ? seen : $"{seen} ({Full})";
    }

    /// <summary>How many jobs are in each state, finished ones first.</summary>
    public IReadOnlyList<(string State, int Count)> States { get; }

    /// <summary>As it fits the box.</summary>
    public string Title { get; }

    /// <summary>Below the title, as they fit the box.</summary>
    public IReadOnlyList<string> Lines { get; }

    /// <summary>All of it.</summary>
    public string Full { get; }

    /// <summary>As it is drawn, so that it can be called by what is seen; and in full where that is cut.</summary>
    public string Label { get; }

    /// <summary>The end of a name tells jobs apart, so the beginning goes.</summary>
    private static string Short(string title) => title.Length <= LongestTitle ? title : $"…{title[^(LongestTitle - 1)..]}";

    /// <summary>Two lines at most.</summary>
    private static IReadOnlyList<string> Broken(string words)
    {
        if (words.Length <= LongestLine) return [words];
        var cut = words.LastIndexOf(' ', LongestLine);
        var rest = words[(cut + 1)..];
        return [words[..(cut + 1)].TrimEnd(), rest.Length <= LongestLine ? rest : $"{rest[..(LongestLine - 1)]}…"];
    }
}
