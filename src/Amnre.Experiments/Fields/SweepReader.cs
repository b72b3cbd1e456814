using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Amnre.Experiments.Fields;

/// <summary>Reads <c>sweep</c>: the points of a grid, of a list and of random draws, and where there are several of these, their
/// product.</summary>
internal static partial class SweepReader
{
    /// <summary>More would be a slip: a grid over ten fields.</summary>
    private const int MaxPoints = 10_000;

    /// <returns>One empty point when there is no sweep.</returns>
    /// <param name="body">The section that has it.</param>
    /// <param name="key">Its key: <c>sweep</c>.</param>
    /// <param name="errors">Receives what is wrong.</param>
    public static IReadOnlyList<SweepPoint> Read(Section body, string key, ErrorList errors)
    {
        if (body.Nested(key) is not { } sweep) return [SweepPoint.None];
        var (list, grid, random) = (sweep.List("list"), sweep.Nested("grid"), sweep.Nested("random"));
        sweep.RefuseTheRest();
        if (list is null && grid is null && random is null)
        {
            body.Error(key, $"'{key}' sets nothing: give it 'grid', 'list' or 'random'");
            return [SweepPoint.None];
        }

        IReadOnlyList<SweepPoint> points = [SweepPoint.None];
        if (list is not null) points = Product(body, key, points, ListPoints(list));
        if (grid is not null) points = Grid(grid).Aggregate(points, (so, axis) => Product(body, key, so, axis));
        if (random is not null) points = Product(body, key, points, RandomDraws.Read(random, errors));
        if (points.Count == 0)
        {
            body.Error(key, $"'{key}' has no point: give each of its lists at least one value");
            return [SweepPoint.None];
        }

        foreach (var path in points[0].Values.GroupBy(value => value.Path).Where(same => same.Count() > 1).Select(same => same.Key))
            body.Error(key, $"'{key}' sets '{path}' twice: leave it to one of 'grid', 'list' and 'random'");
        return points;
    }

    private static IReadOnlyList<SweepPoint> Product(
        Section body, string key, IReadOnlyList<SweepPoint> points, IReadOnlyList<SweepPoint> axis)
    {
        if ((long)points.Count * axis.Count <= MaxPoints) return [.. points.SelectMany(point => axis.Select(point.And))];
        body.Error(key, $"'{key}' has {(long)points.Count * axis.Count} points or more, and at most {MaxPoints} are allowed: " +
            "write fewer values");
        return points;
    }

    private static List<IReadOnlyList<SweepPoint>> Grid(Section grid)
    {
        var axes = new List<IReadOnlyList<SweepPoint>>();
        var keys = grid.Node.Children.Keys.OfType<YamlScalarNode>().ToList();
        foreach (var key in keys)
        {
            var path = key.Value ?? "";
            var values = grid.Nodes(path);
            var name = ShortName(path, keys.Select(other => other.Value ?? ""));
            axes.Add([.. values.Select((value, i) => Point(name, new SweepValue(path, key, value), i))]);
        }

        return axes;
    }

    private static List<SweepPoint> ListPoints(IReadOnlyList<Section> list)
    {
        var paths = list.SelectMany(point => point.Node.Children.Keys).OfType<YamlScalarNode>().Select(key => key.Value ?? "").Distinct()
            .ToList();
        return [.. list.Select((point, i) =>
        {
            var set = point.Node.Children.Where(child => child.Key is YamlScalarNode)
                .Select(child => (Name: ShortName(((YamlScalarNode)child.Key).Value ?? "", paths),
                    Value: new SweepValue(((YamlScalarNode)child.Key).Value ?? "", child.Key, child.Value)))
                .ToList();
            // Points of the same name would come from values that cannot be part of one: those are counted.
            return set.Aggregate(SweepPoint.None, (so, one) => so.And(Point(one.Name, one.Value, i)));
        })];
    }

    private static SweepPoint Point(string name, SweepValue value, int index) =>
        new($"{name}_{(value.Node is YamlScalarNode { Value: { } text } && Nameable().IsMatch(text) ? text : $"{index + 1}")}", [value]);

    /// <summary>The last part of a path, or all of it where another path ends alike.</summary>
    private static string ShortName(string path, IEnumerable<string> paths)
    {
        var last = path[(path.LastIndexOf('.') + 1)..];
        return paths.Count(other => other == last || other.EndsWith($".{last}", StringComparison.Ordinal)) > 1 ? path : last;
    }

    [GeneratedRegex("^[A-Za-z0-9._-]{1,30}$")]
    private static partial Regex Nameable();
}
