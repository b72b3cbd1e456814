using System.Text.Json;
using Amnre.Engine.Settings;
using Amnre.Jobs.Specs;
using Amnre.Jobs.Views;

namespace Amnre.Scheduler.Runs;

/// <summary>The trainings and evaluations of an experiment with the settings in which they differ. Immutable.</summary>
internal sealed class RunShapes
{
    private readonly IReadOnlyList<IReadOnlyDictionary<string, object>> _settings;
    private readonly ILookup<(long Training, string Folder), RunShape> _evaluations;
    private readonly IReadOnlyList<string> _ofTrainings, _ofEvaluations;

    private RunShapes(IReadOnlyList<RunShape> all, IReadOnlyList<IReadOnlyDictionary<string, object>> settings)
    {
        (All, _settings) = (all, settings);
        _evaluations = all.Where(shape => shape.Model is not null).ToLookup(shape => (shape.Model!.Value, shape.ModelFolder));
        _ofTrainings = Differing(JobKind.Train);
        _ofEvaluations = Differing(JobKind.Evaluate);
    }

    public static RunShapes None { get; } = new([], []);

    public IReadOnlyList<RunShape> All { get; }

    /// <summary>The greatest id; jobs that are added later have greater ones.</summary>
    public long Last => All.Count == 0 ? 0 : All[^1].Id;

    public RunShapes With(IReadOnlyList<RunShape> added) =>
        new([.. All, .. added], [.. _settings, .. added.Select(shape => Leaves(shape.Settings))]);

    /// <param name="evaluations">Rows are evaluations; otherwise trainings, with the metrics of each evaluation of their model as
    /// <c>evaluation.metric</c>.</param>
    /// <param name="standings">Where each job stands.</param>
    /// <param name="metrics">Of a run.</param>
    public RunSet Set(bool evaluations, IReadOnlyDictionary<long, RunStanding> standings,
        Func<RunShape, IEnumerable<KeyValuePair<string, double>>> metrics)
    {
        var kind = evaluations ? JobKind.Evaluate : JobKind.Train;
        var (settings, names) = (evaluations ? _ofEvaluations : _ofTrainings, new List<string>());
        var seen = new HashSet<string>(settings);
        var runs = new List<Run>();
        foreach (var (row, shape) in All.Index())
        {
            if (shape.Kind != kind || !standings.TryGetValue(shape.Id, out var standing)) continue;
            var own = _settings[row];
            var values = settings.Where(own.ContainsKey).ToDictionary(name => name, name => own[name]);
            void Add(string name, double value)
            {
                if (!values.TryAdd(name, value)) return;
                if (seen.Add(name)) names.Add(name);
            }

            foreach (var (name, value) in metrics(shape)) Add(name, value);
            if (!evaluations)
                foreach (var evaluation in _evaluations[(shape.Id, shape.Folder)])
                    foreach (var (name, value) in metrics(evaluation)) Add($"{EvaluationOf(evaluation.Name)}.{name}", value);
            runs.Add(new Run(shape.Id, shape.Name, standing.State, standing.Fraction, standing.Seconds, values) { Row = row });
        }

        return new RunSet(runs, settings, names, 0);
    }

    /// <summary><c>evaluate/truth/slcp-amnre</c> is of <c>truth</c>.</summary>
    private static string EvaluationOf(string job) => job.Split('/') is [_, var name, _, ..] ? name : job;

    internal static Dictionary<string, object> Leaves(string settings)
    {
        using var document = JsonDocument.Parse(settings);
        var leaves = new Dictionary<string, object>();
        foreach (var (name, element) in JsonLeaves.Of(document.RootElement))
        {
            object? value = element.ValueKind switch
            {
                JsonValueKind.Number => element.GetDouble(),
                JsonValueKind.True or JsonValueKind.False => element.GetBoolean(),
                JsonValueKind.String => element.GetString(),
                _ => null,
            };
            if (value is not null) leaves[SettingName.OfKey(name)] = value;
        }

        return leaves;
    }

    /// <summary>Those first that fewest share: what was swept comes before what sets one run apart.</summary>
    private List<string> Differing(JobKind kind)
    {
        var all = All.Zip(_settings).Where(one => one.First.Kind == kind).Select(one => one.Second).ToList();
        return [.. all.SelectMany(one => one.Keys).Distinct()
            .Select(name => (Name: name, Shared: all.GroupBy(one => one.GetValueOrDefault(name)).Max(same => same.Count())))
            .Where(one => one.Shared < all.Count).OrderBy(one => one.Shared).Select(one => one.Name)];
    }
}
