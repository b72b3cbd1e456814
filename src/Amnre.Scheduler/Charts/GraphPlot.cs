using Amnre.Jobs.Views;

namespace Amnre.Scheduler.Charts;

/// <summary>Where the boxes of an experiment's graph are in its drawing. Pure.</summary>
internal sealed class GraphPlot
{
    public const double BoxWidth = 212, BoxHeight = 76;

    private const double Across = 56, Down = 18, Margin = 10;

    private readonly IReadOnlyDictionary<string, Place> _places;
    private readonly Dictionary<int, int> _sizes;
    private readonly int _tallest;

    private GraphPlot(IReadOnlyDictionary<string, Place> places)
    {
        _places = places;
        _sizes = places.Values.GroupBy(place => place.Layer).ToDictionary(layer => layer.Key, layer => layer.Count());
        _tallest = _sizes.Values.DefaultIfEmpty(1).Max();
        var layers = Math.Max(_sizes.Count, 1);
        Width = (2 * Margin) + (layers * BoxWidth) + ((layers - 1) * Across);
        Height = (2 * Margin) + (_tallest * BoxHeight) + ((_tallest - 1) * Down);
    }

    public double Width { get; }

    public double Height { get; }

    public static GraphPlot Of(GraphShape shape) => new(LayeredLayout.Of([.. shape.Boxes.Select(box => box.Key)], shape.Edges));

    /// <summary>The upper left corner of a box.</summary>
    public (double X, double Y) Corner(string box)
    {
        var place = _places[box];
        return (Margin + (place.Layer * (BoxWidth + Across)),
            Margin + (place.Row * (BoxHeight + Down)) + ((_tallest - _sizes[place.Layer]) * (BoxHeight + Down) / 2));
    }

    /// <summary>Whether both ends of an edge are drawn.</summary>
    public bool Holds((string From, string To) edge) => _places.ContainsKey(edge.From) && _places.ContainsKey(edge.To);

    /// <summary>The path of an edge, from the right of one box to the left of the other.</summary>
    public string Path((string From, string To) edge)
    {
        var (from, to) = (Corner(edge.From), Corner(edge.To));
        var (x1, y1, x2, y2) = (from.X + BoxWidth, from.Y + (BoxHeight / 2), to.X, to.Y + (BoxHeight / 2));
        var bend = Math.Max(Across / 2, (x2 - x1) / 2);
        return $"M{x1} {y1}C{x1 + bend} {y1} {x2 - bend} {y2} {x2} {y2}";
    }
}
