using System.Collections.Concurrent;
using System.Text.Json;
using Amnre.Engine;
using Amnre.Engine.Tables;
using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Specs;
using Amnre.Jobs.Views;

namespace Amnre.Scheduler.Runs;

/// <summary>The runs of experiments. What never changes is read once and kept: the settings of jobs and the metrics of published
/// results; where each run stands is asked of the ledger each time.</summary>
internal sealed class RunCatalog(RunViews views, ArtifactStore store)
{
    /// <summary>Experiments whose settings are kept; the one not looked at for longest goes.</summary>
    private const int MaxExperiments = 8;

    /// <summary>Files read for one page, so that the first look at thousands of results is not a long one.</summary>
    private const int MaxFiles = 2000;

    private const int MaxMetrics = 100_000;
    private const long LargestFile = 8 << 20;

    private readonly ConcurrentDictionary<long, (RunShapes Shapes, long Used)> _shapes = new();
    private readonly ConcurrentDictionary<(long Token, string Folder), IReadOnlyList<KeyValuePair<string, double>>> _metrics = new();
    private long _uses;

    public async Task<RunSet> RunsAsync(long experimentId, bool evaluations, CancellationToken cancel)
    {
        var known = _shapes.TryGetValue(experimentId, out var kept) ? kept.Shapes : RunShapes.None;
        var added = await views.ShapesAsync(experimentId, known.Last, cancel);
        var shapes = added.Count == 0 ? known : known.With(added);
        Keep(experimentId, shapes);
        var standings = (await views.StandingsAsync(experimentId, cancel)).ToDictionary(standing => standing.Id);
        var unread = await ReadAsync(shapes, standings, cancel);
        IEnumerable<KeyValuePair<string, double>> Metrics(RunShape run) => !standings.TryGetValue(run.Id, out var standing) ? []
            : standing.Published is { } token ? _metrics.GetValueOrDefault((token, run.Folder), [])
            : standing.Metrics.Select(metric => KeyValuePair.Create(Named(metric.Key), metric.Value));
        return shapes.Set(evaluations, standings, Metrics) with { Unread = unread };
    }

    /// <summary>As statistics of ended trainings call them.</summary>
    private static string Named(string metric) => metric switch { "epoch" => "epochs", "v_loss" => "validation loss", _ => metric };

    private async Task<int> ReadAsync(RunShapes shapes, Dictionary<long, RunStanding> standings, CancellationToken cancel)
    {
        var missing = shapes.All.Where(shape => standings.GetValueOrDefault(shape.Id)?.Published is { } token
            && !_metrics.ContainsKey((token, shape.Folder))).ToList();
        foreach (var alike in missing.Take(MaxFiles).GroupBy(shape => (shape.Kind, shape.Folder)))
        {
            var (kind, folder) = alike.Key;
            var tokens = alike.Select(shape => standings[shape.Id].Published!.Value).Distinct().ToList();
            var paths = await views.PathsAsync(tokens, kind == JobKind.Train ? folder + HistoryFile.Name : "summary.json", cancel);
            foreach (var token in tokens)
            {
                cancel.ThrowIfCancellationRequested();
                _metrics[(token, folder)] = paths.TryGetValue(token, out var path) ? Read(path, kind) : [];
            }
        }

        if (_metrics.Count > MaxMetrics) _metrics.Clear();
        return Math.Max(missing.Count - MaxFiles, 0);
    }

    /// <summary>A file that is gone or no longer whole costs its metrics, never the page.</summary>
    private IReadOnlyList<KeyValuePair<string, double>> Read(string path, JobKind kind)
    {
        try
        {
            var file = new FileInfo(store.Absolute(path));
            if (!file.Exists || file.Length > LargestFile) return [];
            return kind == JobKind.Train
                ? JobMetrics.LastEpoch([.. PlainFile.Lines(file.FullName)])
                : JobMetrics.Numbers(PlainFile.Text(file.FullName));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException || IsUnreadable(e))
        {
            return [];
        }
    }

    /// <summary>Whether the content of a file is to blame.</summary>
    internal static bool IsUnreadable(Exception error) => error is JsonException or InputException;

    private void Keep(long experimentId, RunShapes shapes)
    {
        _shapes[experimentId] = (shapes, Interlocked.Increment(ref _uses));
        if (_shapes.Count > MaxExperiments) _shapes.TryRemove(_shapes.MinBy(one => one.Value.Used).Key, out _);
    }
}
