using Amnre.Engine.Settings;
using Amnre.Experiments.Fields;
using Amnre.Experiments.Plans;
using YamlDotNet.RepresentationModel;

namespace Amnre.Experiments.Reading;

/// <summary>One of the things that a section of the file becomes.</summary>
/// <param name="Name">Unique among its kind.</param>
/// <param name="Origin">Where it comes from.</param>
/// <param name="Body">Its fields, with what it inherits and what the sweep sets.</param>
internal sealed record Member(string Name, MemberOrigin Origin, Section Body)
{
    /// <summary>Null for a section that is neither swept nor replicated: it is its own only member.</summary>
    public MemberOrigin? Group => Name == Origin.Section ? null : Origin;
}

/// <summary>What a section takes over from the one it trains against, so that both pair member by member.</summary>
/// <param name="Points">Its points in order.</param>
/// <param name="Replicates">Of each point; null for none.</param>
internal sealed record Shape(IReadOnlyList<SweepPoint> Points, int? Replicates);

/// <summary>Reads the sections of one kind: resolves what they inherit, and expands sweeps and replicates.</summary>
/// <param name="top">The whole file.</param>
/// <param name="kind">Its key there: <c>models</c>.</param>
/// <param name="errors">Receives what is wrong.</param>
internal sealed class Members(Section top, string kind, ErrorList errors)
{
    /// <summary>Keys that mergings combine field by field; all others are replaced whole.</summary>
    private static readonly string[] Combined = ["resources"];

    /// <summary>Values of all members together, each counted as at least <see cref="MinValues"/>: some 100 000 members, and seconds of
    /// reading.</summary>
    private const int MaxValues = 5_000_000;

    private const int MinValues = 50;

    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private long _values;

    /// <summary>Each section with its inherited fields, in the order of the file.</summary>
    /// <param name="apart">A key of sections that defaults are not meant for.</param>
    public IReadOnlyList<(string Name, Section Body)> Sections(string apart = "")
    {
        var defaults = top.Nested("defaults")?.Nested(kind);
        defaults?.RefuseAny("extends", "defaults inherit from nothing: write the fields themselves");
        var whole = new Dictionary<string, YamlMappingNode>();
        var sections = new List<(string, Section)>();
        foreach (var (name, body) in top.Sections(kind))
        {
            if (!ExperimentReader.IsName(name)) body.Error("", ExperimentReader.NameRule(kind[..^1], name));
            var node = body.Node;
            if (body.Reference("extends", $"section above it in '{kind}'", whole.Keys, required: false) is { } above
                && whole.TryGetValue(above, out var inherited))
                node = Merge(inherited, node);
            whole[name] = node;
            Spend(node, 1);
            if (defaults is not null && !node.Children.ContainsKey(apart)) node = Merge(defaults.Node, node);
            var section = new Section($"{kind}.{name}", node, errors);
            section.Accept("extends");
            sections.Add((name, section));
        }

        return sections;
    }

    /// <summary>The members of a section: its points, or those of <paramref name="partner"/> where it has no sweep of its own.</summary>
    /// <param name="name">Of the section.</param>
    /// <param name="body">Its fields.</param>
    /// <param name="replicated">Whether this kind knows <c>replicates</c>.</param>
    /// <param name="partner">Shape of the section that it pairs with; null for none.</param>
    public (IReadOnlyList<Member> Members, Shape Shape) Expand(string name, Section body, bool replicated, Shape? partner = null)
    {
        var points = SweepReader.Read(body, "sweep", errors);
        var mirrored = points.Count == 1 && points[0].Label.Length == 0 && partner is not null;
        if (mirrored) points = [.. partner!.Points.Select(point => point with { Values = [] })];
        var replicates = replicated ? Replicates(body) ?? partner?.Replicates : null;

        Spend(body.Node, (long)points.Count * (replicates ?? 1) * Math.Max(1, points[0].Values.Count));
        var members = new List<Member>();
        foreach (var point in points)
        {
            var pointName = point.Label.Length == 0 ? name : $"{name}-{point.Label}";
            var fields = new Section($"{kind}.{name}", point.Apply(body.Node, errors), errors);
            fields.Accept("extends", "sweep");
            if (replicated) fields.Accept("replicates");
            var values = point.Values.Select(value => new SweptValue(value.Path, value.Text)).ToList();
            for (var i = 1; i <= (replicates ?? 1); i++)
            {
                var memberName = replicates is null ? pointName : $"{pointName}-{i}";
                var origin = new MemberOrigin(name, pointName, replicates is null ? null : i, values);
                CheckName(body, memberName);
                members.Add(new Member(memberName, origin, fields));
            }
        }

        return (members, new Shape(points, replicates));
    }

    /// <summary>What a search compares.</summary>
    /// <param name="name">Of the section.</param>
    /// <param name="body">Its fields.</param>
    /// <param name="search">Below them.</param>
    /// <param name="over">The key there of what to combine.</param>
    /// <param name="check">Told of each value.</param>
    public IReadOnlyList<(string Label, Member Member)> Candidates(string name, Section body, Section search, string over,
        Action<SweepValue> check)
    {
        if (search.Find(over) is null)
            search.Error(over, $"'{over}' is missing: write what to search, such as {over}: {{ grid: {{ lr: [1e-3, 3e-4] }} }}");
        var points = SweepReader.Read(search, over, errors);
        Spend(body.Node, (long)points.Count * Math.Max(1, points[0].Values.Count));
        CheckName(body, name);
        foreach (var value in points.SelectMany(point => point.Values).DistinctBy(value => value.Path)) check(value);
        foreach (var same in points.GroupBy(point => point.Label, StringComparer.OrdinalIgnoreCase).Where(same => same.Count() > 1))
            search.Error(over, $"two candidates would be called '{same.Key}', whatever the case of its letters: remove values that occur " +
                "twice");
        if (points.FirstOrDefault(point => point.Label.Length > 0 && !ExperimentReader.IsName(point.Label)) is { } unnamed)
            search.Error(over, ExperimentReader.NameRule("candidate", unnamed.Label));
        return [.. points.Select(point =>
        {
            // What a search is not combined with was refused before.
            var node = new YamlMappingNode(point.Apply(body.Node, errors).Children
                .Where(child => child.Key is not YamlScalarNode { Value: { } key } || !SearchReader.Apart.Contains(key)));
            errors.Place(node, body.Node);
            var fields = new Section($"{kind}.{name}", node, errors);
            fields.Accept(["extends", SearchReader.Key, .. SearchReader.Apart]);
            var values = point.Values.Select(value => new SweptValue(value.Path, value.Text)).ToList();
            return (point.Label, new Member($"{name}-{point.Label}", new MemberOrigin(name, name, null, values), fields));
        })];
    }

    /// <summary>A member that would do what another of its section does is a slip.</summary>
    /// <param name="body">The section.</param>
    /// <param name="members">Each member with everything that decides what it makes.</param>
    public static void CheckDuplicates(Section body, IEnumerable<(string Name, string Key)> members)
    {
        var twins = members.GroupBy(member => member.Key).FirstOrDefault(same => same.Count() > 1);
        if (twins is null) return;
        var names = string.Join("' and '", twins.Take(2).Select(twin => twin.Name));
        body.Error("sweep", $"members '{names}' are the same: remove values that occur twice or that change nothing");
    }

    private static int? Replicates(Section body)
    {
        if (body.Text("replicates") is null) return null;
        var count = body.Value("replicates", 1);
        if (count is >= 1 and <= TrainSettings.MaxReplicates) return count;
        body.Error("replicates", $"replicates {count} is out of range: from 1 to {TrainSettings.MaxReplicates}, or leave it out");
        return null;
    }

    private void CheckName(Section body, string name)
    {
        if (!ExperimentReader.IsName(name)) body.Error("sweep", ExperimentReader.NameRule(kind[..^1], name));
        if (!_names.Add(name))
            body.Error("sweep", $"two of the {kind} would be called '{name}', whatever the case of its letters: rename a section, or " +
                "remove values that occur twice");
    }

    /// <summary>Keeps what a file of a few megabytes stands for within bounds.</summary>
    /// <exception cref="ExperimentException">It is more.</exception>
    private void Spend(YamlMappingNode node, long times)
    {
        _values += Math.Max(MinValues, CountOf(node, MaxValues)) * times;
        if (_values > MaxValues)
            errors.Stop(errors.LineOf(node), kind, $"what the sections of '{kind}' inherit, sweep and replicate stands for more than can " +
                "be planned: write fewer fields, values or replicates");
    }

    /// <returns>The scalars below a node, or more than <paramref name="most"/> where there are more.</returns>
    private static long CountOf(YamlNode node, long most)
    {
        var count = 1L;
        var children = node switch
        {
            YamlMappingNode mapping => mapping.Children.Values,
            YamlSequenceNode list => list.Children,
            _ => Enumerable.Empty<YamlNode>(),
        };
        foreach (var child in children)
        {
            if (count > most) break;
            count += CountOf(child, most - count);
        }

        return count;
    }

    private YamlMappingNode Merge(YamlMappingNode lower, YamlMappingNode upper)
    {
        var merged = new YamlMappingNode();
        foreach (var (key, value) in lower.Children)
            if (!upper.Children.ContainsKey(key)) merged.Children.Add(key, value);
        foreach (var (key, value) in upper.Children)
        {
            var combine = key is YamlScalarNode { Value: { } name } && Combined.Contains(name);
            merged.Children.Add(key, combine && value is YamlMappingNode over && lower.Children.TryGetValue(key, out var old)
                && old is YamlMappingNode under ? Merge(under, over) : value);
        }

        errors.Place(merged, upper);
        return merged;
    }
}
