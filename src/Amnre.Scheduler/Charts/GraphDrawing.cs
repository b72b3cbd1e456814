using Amnre.Jobs.Views;
using Amnre.Scheduler.Markup;

namespace Amnre.Scheduler.Charts;

/// <summary>An experiment's graph as SVG: boxes in layers, each with its counts by state in colour and in words.</summary>
internal static class GraphDrawing
{
    private const double BoxWidth = 212, BoxHeight = 76, Across = 56, Down = 18, Margin = 10;
    private const int LongestTitle = 28, LongestLine = 32;

    private static readonly string[] Order = ["succeeded", "reused", "running", "queued", "ready", "waiting", "failed", "skipped",
        "cancelled"];

    /// <param name="shape">What to draw.</param>
    /// <param name="open">Where a group's box leads.</param>
    public static Html Draw(GraphShape shape, Func<GraphBox, string> open)
    {
        var places = LayeredLayout.Of([.. shape.Boxes.Select(box => box.Key)], shape.Edges);
        var layers = places.Values.Max(place => place.Layer) + 1;
        var sizes = places.Values.GroupBy(place => place.Layer).ToDictionary(layer => layer.Key, layer => layer.Count());
        var tallest = sizes.Values.Max();
        var (width, height) = ((2 * Margin) + (layers * BoxWidth) + ((layers - 1) * Across),
            (2 * Margin) + (tallest * BoxHeight) + ((tallest - 1) * Down));
        (double X, double Y) At(Place place) => (Margin + (place.Layer * (BoxWidth + Across)),
            Margin + (place.Row * (BoxHeight + Down)) + ((tallest - sizes[place.Layer]) * (BoxHeight + Down) / 2));
        return Html.Of(
            $"""
            <svg class="graph" viewBox="0 0 {width} {height}" width="{width}" height="{height}" aria-label="Graph of {shape.Boxes.Count} boxes; each reads from those on its left" role="group" data-key="graph">
            {shape.Edges.Where(edge => places.ContainsKey(edge.From) && places.ContainsKey(edge.To)).Select(edge => Edge(edge, At(places[edge.From]), At(places[edge.To])))}
            {shape.Boxes.Select(box => Box(box, At(places[box.Key]), box.Job is { } job ? $"/jobs/{job}" : open(box)))}
            </svg>
            """);
    }

    private static Html Edge((string From, string To) edge, (double X, double Y) from, (double X, double Y) to)
    {
        var (x1, y1, x2, y2) = (from.X + BoxWidth, from.Y + (BoxHeight / 2), to.X, to.Y + (BoxHeight / 2));
        var bend = Math.Max(Across / 2, (x2 - x1) / 2);
        return Html.Of(
            $"""<path class="edge" data-key="{edge.From}-{edge.To}" d="M{x1} {y1}C{x1 + bend} {y1} {x2 - bend} {y2} {x2} {y2}"/>""");
    }

    private static Html Box(GraphBox box, (double X, double Y) at, string link)
    {
        var start = 0.0;
        var states = box.States.OrderBy(state => Array.IndexOf(Order, state.Key)).ToList();
        var words = box.Job is null ? string.Join(", ", states.Select(state => $"{state.Value} {state.Key}")) : states[0].Key;
        var parts = states.Select(state =>
        {
            var part = Html.Of(
                $"""<rect class="{state.Key}" x="{at.X + start:0.##}" y="{at.Y + BoxHeight - 7}" width="{BoxWidth * state.Value / box.Count:0.##}" height="7"/>""");
            start += BoxWidth * state.Value / box.Count;
            return part;
        }).ToList();
        var worst = box.States.ContainsKey("failed") ? " hasfailed" : box.States.ContainsKey("running") ? " hasrunning" : "";
        var (title, said) = (Short(box.Title), box.Job is null ? $"{box.Count} job{(box.Count == 1 ? "" : "s")}: {words}" : words);
        var lines = Lines(said).ToList();
        // As it is drawn, so that it can be called by what is seen; and in full where that is cut.
        var name = $"{title} {string.Join(' ', lines)}" +
            $"{(title == box.Title && string.Join(' ', lines) == said ? "" : $" ({box.Title}: {words})")}";
        return Html.Of(
            $"""
            <a href="{link}" data-key="{box.Key}" aria-label="{name}"><title>{box.Title}: {words}</title>
            <rect class="box{worst}" x="{at.X:0.##}" y="{at.Y:0.##}" width="{BoxWidth}" height="{BoxHeight}" rx="6"/>
            <text class="boxtitle" x="{at.X + 11:0.##}" y="{at.Y + 22:0.##}">{title}</text>
            {lines.Select((line, i) => Html.Of($"""<text class="boxwords" x="{at.X + 11:0.##}" y="{at.Y + 41 + (i * 16):0.##}">{line}</text>"""))}
            {parts}</a>
            """);
    }

    /// <summary>The end of a name tells jobs apart, so the beginning goes.</summary>
    private static string Short(string title) => title.Length <= LongestTitle ? title : $"…{title[^(LongestTitle - 1)..]}";

    /// <summary>Two lines at most; the drawing's titles hold all of it.</summary>
    private static IEnumerable<string> Lines(string words)
    {
        if (words.Length <= LongestLine) return [words];
        var cut = words.LastIndexOf(' ', LongestLine);
        var rest = words[(cut + 1)..];
        return [words[..(cut + 1)].TrimEnd(), rest.Length <= LongestLine ? rest : $"{rest[..(LongestLine - 1)]}…"];
    }
}
