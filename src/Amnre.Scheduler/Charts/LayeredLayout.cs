namespace Amnre.Scheduler.Charts;

/// <summary>Where a box of a layered drawing is: its layer from the left, and its row in the layer.</summary>
internal readonly record struct Place(int Layer, int Row);

/// <summary>Lays a directed acyclic graph out in layers: each box to the right of all it reads from, rows ordered by the mean row of
/// their neighbours so that few edges cross (Sugiyama, Tagawa and Toda 1981, with the barycentre heuristic). Pure; the same graph
/// gives the same places.</summary>
internal static class LayeredLayout
{
    private const int Sweeps = 6;

    /// <param name="boxes">Distinct, in an order that ties are broken by.</param>
    /// <param name="edges">From the one that makes to the one that reads; edges of unknown boxes are left out.</param>
    /// <exception cref="ArgumentException">The edges form a cycle.</exception>
    public static IReadOnlyDictionary<string, Place> Of(IReadOnlyList<string> boxes, IReadOnlyList<(string From, string To)> edges)
    {
        var known = boxes.ToHashSet();
        var kept = edges.Where(edge => known.Contains(edge.From) && known.Contains(edge.To) && edge.From != edge.To).Distinct().ToList();
        var (above, below) = (kept.ToLookup(edge => edge.To, edge => edge.From), kept.ToLookup(edge => edge.From, edge => edge.To));
        var layers = Layers(boxes, above, below);
        var rows = boxes.GroupBy(box => layers[box]).OrderBy(layer => layer.Key).Select(layer => layer.ToList()).ToList();
        for (var sweep = 0; sweep < Sweeps; sweep++)
        {
            var (down, neighbours) = sweep % 2 == 0 ? (true, above) : (false, below);
            foreach (var layer in down ? rows : rows.AsEnumerable().Reverse()) Arrange(layer, neighbours, Relative(rows));
        }

        return rows.SelectMany((layer, l) => layer.Select((box, row) => (box, Place: new Place(l, row))))
            .ToDictionary(one => one.box, one => one.Place);
    }

    /// <summary>The longest way from a box that reads from nothing.</summary>
    private static Dictionary<string, int> Layers(IReadOnlyList<string> boxes, ILookup<string, string> above, ILookup<string, string> below)
    {
        var layers = boxes.ToDictionary(box => box, _ => 0);
        var unmet = boxes.ToDictionary(box => box, box => above[box].Count());
        var ready = new Queue<string>(boxes.Where(box => unmet[box] == 0));
        var met = 0;
        for (; ready.TryDequeue(out var box); met++)
        {
            foreach (var next in below[box])
            {
                layers[next] = Math.Max(layers[next], layers[box] + 1);
                if (--unmet[next] == 0) ready.Enqueue(next);
            }
        }

        return met == boxes.Count ? layers : throw new ArgumentException("the edges form a cycle", nameof(below));
    }

    /// <summary>Rows as parts of their layer's height, so that layers of different sizes compare.</summary>
    private static Dictionary<string, double> Relative(List<List<string>> rows) =>
        rows.SelectMany(layer => layer.Select((box, row) => (box, At: (row + 0.5) / layer.Count)))
        .ToDictionary(one => one.box, one => one.At);

    private static void Arrange(List<string> layer, ILookup<string, string> neighbours, Dictionary<string, double> at)
    {
        var sorted = layer.OrderBy(box => neighbours[box].Select(near => at[near]).DefaultIfEmpty(at[box]).Average()).ToList();
        layer.Clear();
        layer.AddRange(sorted);
    }
}
