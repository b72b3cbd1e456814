using System.Text.Json;
using Amnre.Engine;
using Amnre.Engine.Evaluation;
using Amnre.Engine.Verdicts;
using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Views;

namespace Amnre.Scheduler.ExperimentPages;

/// <summary>What a job found out, from the files that it published.</summary>
/// <param name="Metrics">Of an evaluation, with what each number means.</param>
/// <param name="Verdict">Of a job that judges a model, or that requires something of a verdict.</param>
public sealed record JobFindings(IReadOnlyList<Metric> Metrics, VerdictReport? Verdict)
{
    private const long LargestFile = 8 << 20;

    /// <summary>Nothing where a file is gone or damaged: it costs its numbers, never the page.</summary>
    public static JobFindings Of(ArtifactStore store, IReadOnlyList<LedgerFile> files)
    {
        var verdict = Text(store, files, "verdict.json");
        return new([.. Measured(Text(store, files, "summary.json"))], verdict is null ? null : Parsed(verdict));
    }

    /// <summary>Of a report; null where it is gone or damaged.</summary>
    public static VerdictReport? VerdictOf(ArtifactStore store, LedgerFile file) => Of(store, [file]).Verdict;

    /// <summary>How good a number is, as the style sheet names it; empty for none.</summary>
    internal static string Word(MetricGrade grade) => grade == MetricGrade.None ? "" : EnumName.Of(grade);

    private static IEnumerable<Metric> Measured(string? summary)
    {
        try
        {
            var numbers = summary is null ? [] : JobMetrics.Numbers(summary);
            return numbers.Select(one => new Metric(one.Key, one.Value, MetricMeaning.Of(one.Key, one.Value, numbers)));
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private static VerdictReport? Parsed(string text)
    {
        try
        {
            return VerdictReport.Parse(text);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static string? Text(ArtifactStore store, IReadOnlyList<LedgerFile> files, string name)
    {
        try
        {
            return files.FirstOrDefault(file => file.Name == name) is { Bytes: <= LargestFile } file
                ? PlainFile.Text(store.Absolute(file.Path))
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InputException)
        {
            return null;
        }
    }
}

/// <summary>A number that an evaluation ended with.</summary>
/// <param name="Meaning">Null where it needs no words.</param>
public sealed record Metric(string Name, double Value, MetricMeaning? Meaning);
