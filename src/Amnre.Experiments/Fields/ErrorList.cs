using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using YamlDotNet.RepresentationModel;

namespace Amnre.Experiments.Fields;

/// <summary>Gathers validation errors, so that a reader can continue after the first.</summary>
/// <param name="file">What validation errors call the file.</param>
/// <param name="asked">Told of each key that is looked for, with the title of its section; null when that is not wanted.</param>
internal sealed class ErrorList(string file, Action<string, string>? asked = null)
{
    /// <summary>More are not read at once, and a file of many is mostly one slip repeated.</summary>
    public const int Max = 100;

    private readonly List<ValidationError> _errors = [];

    /// <summary>What was said of a line: a field that many sections inherit is reported for the first of them.</summary>
    private readonly HashSet<(long Line, string Message)> _said = [];

    /// <summary>Lines of nodes that stand for what is written elsewhere.</summary>
    private readonly Dictionary<YamlNode, long> _lines = new(ReferenceEqualityComparer.Instance);

    /// <summary>1-based line that <paramref name="node"/> is written on.</summary>
    public long LineOf(YamlNode node) => _lines.TryGetValue(node, out var line) ? line : node.Start.Line;

    /// <summary>Makes <paramref name="node"/> answer for the line of <paramref name="written"/>.</summary>
    public void Place(YamlNode node, YamlNode written) => _lines[node] = LineOf(written);

    public void Asked(string title, string key) => asked?.Invoke(title, key);

    /// <exception cref="ExperimentException">There are <see cref="Max"/> of them: the rest of the file is not looked at.</exception>
    public void Add(long line, string title, string message)
    {
        if (!_said.Add((line, message))) return;
        _errors.Add(new ValidationError(file, line, $"{title}: {message}"));
        if (_errors.Count == Max) ThrowIfAny();
    }

    /// <summary>Reports a file that stands for more than can be planned, and ends its reading.</summary>
    /// <exception cref="ExperimentException">Always.</exception>
    [DoesNotReturn]
    public void Stop(long line, string title, string message)
    {
        _errors.Add(new ValidationError(file, line, $"{title}: {message}"));
        ThrowIfAny();
        throw new UnreachableException();
    }

    /// <exception cref="ExperimentException">There is at least one validation error.</exception>
    public void ThrowIfAny()
    {
        if (_errors.Count > 0)
            throw new ExperimentException([.. _errors.OrderBy(error => error.Line)]) { MayBeMore = _errors.Count >= Max };
    }
}
