using System.Globalization;
using System.Text;
using System.Text.Json;
using Amnre.Engine;
using Amnre.Engine.Settings;
using Amnre.Engine.Tables;
using Amnre.Jobs.Specs;
using Amnre.Jobs.Views;

namespace Amnre.Cli.Tables;

/// <summary>What an experiment found out as one table: settings that differ, and figures. Pure.</summary>
/// <param name="Columns">In order.</param>
/// <param name="Rows">Text, number or null by column; what a row lacks is null.</param>
internal sealed record ResultTable(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyDictionary<string, object?>> Rows)
{
    /// <summary>A row per model: the settings of trainings that differ, the figures of the training, then those of each evaluation as
    /// <c>evaluation.metric</c>.</summary>
    public static ResultTable ByModel(IReadOnlyList<JobComposition> jobs, Func<string, IReadOnlyList<KeyValuePair<string, double>>> metrics)
    {
        var trainings = jobs.Where(job => job.Kind == JobKind.Train).ToList();
        var settings = Differing(trainings);
        var evaluations = jobs.Where(job => job.Kind == JobKind.Evaluate)
            .ToLookup(job => job.Inputs.FirstOrDefault(input => input.Role == "model").Producer);
        return Of(trainings.Select(training =>
        {
            var row = Start("model", After("train/", training.Name), training, settings);
            foreach (var (name, value) in metrics(training.Name)) row.Add((name, value));
            row.AddRange(DeviceOf(training));
            foreach (var evaluation in evaluations[training.Name])
                foreach (var (name, value) in metrics(evaluation.Name))
                    row.Add(($"{EvaluationOf(evaluation.Name, training.Name)}.{name}", value));
            return row;
        }));
    }

    /// <summary>A row per training and evaluation.</summary>
    public static ResultTable ByJob(IReadOnlyList<JobComposition> jobs,
        Func<string, IReadOnlyList<KeyValuePair<string, double>>> metrics) =>
        Of(jobs.Where(job => job.Kind is JobKind.Train or JobKind.Evaluate).GroupBy(job => job.Kind).SelectMany(kind =>
        {
            var settings = Differing([.. kind]);
            return kind.Select(job =>
            {
                var row = Start("job", job.Name, job, settings);
                foreach (var (name, value) in metrics(job.Name)) row.Add((name, value));
                row.AddRange(DeviceOf(job));
                return row;
            });
        }));

    public string ToCsv()
    {
        var text = new StringBuilder().AppendLine(string.Join(',', Columns.Select(CsvCell.Of)));
        foreach (var row in Rows)
            text.AppendLine(string.Join(',', Columns.Select(column => CsvCell.Of(Written(row.GetValueOrDefault(column))))));
        return text.ToString();
    }

    /// <summary>What the result was computed on, where that was recorded.</summary>
    private static IEnumerable<(string Column, object? Value)> DeviceOf(JobComposition job) =>
        job.Device is not { } device ? [] : [("device", device.ToString()), ("libtorch", device.Torch), ("threads_used", device.Threads)];

    private static ResultTable Of(IEnumerable<List<(string Column, object? Value)>> rows)
    {
        var all = rows.ToList();
        return new ResultTable(
            [.. all.SelectMany(row => row.Select(cell => cell.Column)).Distinct()],
            [.. all.Select(row => row.GroupBy(cell => cell.Column).ToDictionary(cell => cell.Key, cell => cell.First().Value))]);
    }

    private static List<(string Column, object? Value)> Start(
        string column, string name, JobComposition job, Dictionary<string, IReadOnlyDictionary<string, JsonElement>> settings)
    {
        List<(string, object?)> row = [(column, name), ("state", EnumName.Of(job.State))];
        row.AddRange(settings[job.Name].Select(setting => (setting.Key, Value(setting.Value))));
        return row;
    }

    /// <summary>For each job its settings that are not the same in all of them.</summary>
    private static Dictionary<string, IReadOnlyDictionary<string, JsonElement>> Differing(IReadOnlyList<JobComposition> jobs)
    {
        var all = jobs.ToDictionary(job => job.Name, job =>
        {
            using var document = JsonDocument.Parse(job.Settings);
            return JsonLeaves.Of(document.RootElement).ToDictionary(leaf => SettingName.OfKey(leaf.Key), leaf => leaf.Value);
        });
        var differing = all.Values.SelectMany(one => one.Keys).Distinct()
            .Where(field => all.Values.Select(one => one.TryGetValue(field, out var value) ? value.GetRawText() : null).Distinct()
                .Count() > 1)
            .ToList();
        return all.ToDictionary(one => one.Key, one => (IReadOnlyDictionary<string, JsonElement>)differing
            .Where(one.Value.ContainsKey).ToDictionary(field => field, field => one.Value[field]));
    }

    private static object? Value(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Number => element.GetDouble(),
        JsonValueKind.True or JsonValueKind.False => element.GetBoolean(),
        JsonValueKind.Null => null,
        _ => element.GetString(),
    };

    private static string EvaluationOf(string job, string training)
    {
        var name = After("evaluate/", job);
        var model = $"/{After("train/", training)}";
        return name.EndsWith(model, StringComparison.Ordinal) ? name[..^model.Length] : name;
    }

    private static string After(string prefix, string name) => name.StartsWith(prefix, StringComparison.Ordinal)
        ? name[prefix.Length..]
        : name;

    private static string Written(object? value) => value switch
    {
        null => "",
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        bool flag => flag ? "true" : "false",
        _ => value.ToString() ?? "",
    };
}
