using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Amnre.Engine;

/// <summary>YAML of files that anybody may have written.</summary>
public static class BoundedYaml
{
    private const int SpareNodes = 100_000;

    /// <summary>Loads <paramref name="text"/> once it is certain that its tree is finite and of its own size: nodes are read by
    /// recursion, and an overflow of the stack ends the process; aliases of aliases grow without measure.</summary>
    /// <param name="text">The file's.</param>
    /// <param name="deepest">Most mappings and lists within one another, aliases followed.</param>
    /// <exception cref="YamlException">Not YAML, nested too deeply, with a zero character or a key that is no text, or of aliases that
    /// contain themselves or stand for too much.</exception>
    public static YamlStream Load(string text, int deepest)
    {
        Measure(text, deepest);
        var stream = new YamlStream();
        using var reader = new StringReader(text);
        stream.Load(reader);
        return stream;
    }

    private static void Measure(string text, int deepest)
    {
        using var reader = new StringReader(text);
        var parser = new Parser(reader);
        var open = new Stack<(string? Anchor, long Nodes, int Depth, bool IsMapping, int Children)>();
        var known = new Dictionary<string, (long Nodes, int Depth)>();
        open.Push((null, 0, 0, false, 0));
        while (parser.MoveNext())
        {
            // Readers ask for fields by name, and the loader compares names: of aliases, without end.
            if (parser.Current is NodeEvent and not Scalar or AnchorAlias && open.Peek() is { IsMapping: true, Children: var before }
                && before % 2 == 0)
                throw Error(parser.Current, "a list, a mapping or an alias is no name of a field");
            switch (parser.Current)
            {
                case AnchorAlias alias:
                    if (open.Any(one => one.Anchor == alias.Value.Value))
                        throw Error(alias, $"'*{alias.Value.Value}' is part of what it stands for");
                    // The loader would take one that comes later, and with it a circle of them.
                    if (!known.TryGetValue(alias.Value.Value, out var meant))
                        throw Error(alias, $"'*{alias.Value.Value}' stands for nothing above it");
                    Add(alias, meant.Nodes + 1, meant.Depth);
                    break;
                case Scalar scalar:
                    // No name, number or path has one, and the system takes it for an end.
                    if (scalar.Value.Contains('\0', StringComparison.Ordinal)) throw Error(scalar, "it holds a zero character");
                    if (!scalar.Anchor.IsEmpty) known[scalar.Anchor.Value] = (1, 0);
                    Add(scalar, 1, 0);
                    break;
                case NodeEvent start:
                    open.Push((start.Anchor.IsEmpty ? null : start.Anchor.Value, 1, 1, start is MappingStart, 0));
                    if (open.Count - 1 > deepest) throw Error(start, $"the nesting is deeper than {deepest}");
                    break;
                case MappingEnd or SequenceEnd:
                    var done = open.Pop();
                    if (done.Anchor is { } name) known[name] = (done.Nodes, done.Depth);
                    Add(parser.Current, done.Nodes, done.Depth);
                    break;
                default:
                    break;
            }
        }

        void Add(ParsingEvent at, long nodes, int depth)
        {
            var (anchor, before, deep, isMapping, children) = open.Pop();
            open.Push((anchor, before + nodes, Math.Max(deep, depth + 1), isMapping, children + 1));
            if (before + nodes > SpareNodes + text.Length) throw Error(at, "its aliases stand for more than can be read: write out less");
            if (open.Count - 1 + depth > deepest) throw Error(at, $"the nesting is deeper than {deepest}");
        }
    }

    private static YamlException Error(ParsingEvent at, string message) => new(at.Start, at.End, message);
}
