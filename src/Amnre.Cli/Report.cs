using System.Globalization;
using System.Text.Json;
using Amnre.Cli.Terminal;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Specs;
using Amnre.Jobs.Views;
using Spectre.Console;

namespace Amnre.Cli;

/// <summary>What a run ends with: the metrics and where everything is.</summary>
internal static class Report
{
    public static void Write(ExperimentSnapshot snapshot, IReadOnlyList<PublishedFile> files, string store, TimeSpan took)
    {
        var experiment = snapshot.Experiment;
        Metrics(snapshot, files, store);
        Failures(snapshot);
        foreach (var warning in snapshot.Warnings) AnsiConsole.MarkupLineInterpolated($"[yellow]{warning.Message}[/]");
        Places(experiment.Name, files, store);
        var colour = experiment.State == ExperimentState.Succeeded ? "green" : "red";
        AnsiConsole.MarkupLine(
            $"[{colour}]{Markup.Escape(experiment.Name)} {experiment.State.ToString().ToLowerInvariant()}[/]: {experiment.Succeeded} jobs run, " +
            $"{experiment.Reused} reused, {experiment.Failed + experiment.Skipped + experiment.Cancelled} not done, in {Durations.Text(took)}");
    }

    private static void Metrics(ExperimentSnapshot snapshot, IReadOnlyList<PublishedFile> files, string store)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("job", "metric").AddColumn(new TableColumn("value").RightAligned());
        foreach (var job in snapshot.Jobs.Where(job => job.State.IsDone && job.Kind is JobKind.Train or JobKind.Evaluate))
        {
            var name = job.Name;
            foreach (var (metric, value) in MetricsOf(job, files, store))
            {
                table.AddRow(Markup.Escape(name), Markup.Escape(metric), value.ToString("0.####", CultureInfo.InvariantCulture));
                name = "";
            }
        }

        if (table.Rows.Count > 0) AnsiConsole.Write(table);
    }

    private static IEnumerable<KeyValuePair<string, double>> MetricsOf(JobSnapshot job, IReadOnlyList<PublishedFile> files, string store)
    {
        string? Of(string name) => files.FirstOrDefault(file => file.Job == job.Name && file.Name == name)?.Path is { } path ? Path.Combine(store, path) : null;
        if (Of("summary.json") is { } summary)
            return JsonSerializer.Deserialize<Dictionary<string, double>>(File.ReadAllText(summary)) ?? [];
        return Of("model.csv") is { } statistics ? LastEpoch(statistics) : [];
    }

    /// <summary>The last row of a training's statistics: <c>epoch,time,lr,mean,std[,v_mean,v_std]</c>.</summary>
    private static IEnumerable<KeyValuePair<string, double>> LastEpoch(string file)
    {
        var lines = File.ReadAllLines(file);
        if (lines.Length < 2) return [];
        var values = lines[0].Split(',').Zip(lines[^1].Split(',')).ToDictionary(pair => pair.First, pair => pair.Second);
        return new[] { ("epoch", "epochs"), ("mean", "loss"), ("v_mean", "validation loss") }
            .Where(column => values.ContainsKey(column.Item1))
            .Select(column => KeyValuePair.Create(column.Item2, double.TryParse(values[column.Item1], CultureInfo.InvariantCulture, out var value) ? value : double.NaN));
    }

    private static void Failures(ExperimentSnapshot snapshot)
    {
        foreach (var job in snapshot.Jobs.Where(job => job.State == JobState.Failed))
            AnsiConsole.MarkupLineInterpolated($"[red]failed[/] {job.Name}: {job.Attempt?.Message ?? job.Reason ?? "no reason was recorded"}");
        var skipped = snapshot.Jobs.Count(job => job.State == JobState.Skipped);
        if (skipped > 0) AnsiConsole.MarkupLineInterpolated($"[red]{skipped} jobs were skipped[/] because what they read from failed");
    }

    private static void Places(string name, IReadOnlyList<PublishedFile> files, string store)
    {
        foreach (var figure in files.Where(file => file.FriendlyPath?.EndsWith(".png", StringComparison.Ordinal) == true))
            AnsiConsole.MarkupLineInterpolated($"figure   {Path.Combine(store, figure.FriendlyPath!)}");
        foreach (var folder in new[] { "samples", "models", "results" })
        {
            if (files.Any(file => file.FriendlyPath?.StartsWith($"{name}/{folder}/", StringComparison.Ordinal) == true))
                AnsiConsole.MarkupLineInterpolated($"{folder,-8} {Path.Combine(store, name, folder)}");
        }
    }
}
