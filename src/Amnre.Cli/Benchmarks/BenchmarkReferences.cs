using Amnre.Engine;
using Amnre.Engine.Benchmarks;
using Amnre.Engine.Catalog;
using Amnre.Experiments.Benchmarks;

namespace Amnre.Cli.Benchmarks;

/// <summary>The benchmark's own reference draws as files that evaluations compare with.</summary>
internal sealed class BenchmarkReferences
{
    private readonly List<(string Task, IReadOnlyList<string> Sources)> _tasks = [];

    private readonly BenchmarkRequest _request;

    private BenchmarkReferences(BenchmarkRequest request) => _request = request;

    /// <summary>The files by task, which <see cref="Import"/> writes.</summary>
    public Dictionary<string, string> Files { get; } = new(StringComparer.Ordinal);

    /// <param name="folder">With a folder for each task, as the benchmark has them; null for no reference draws.</param>
    /// <param name="request">Whose tasks and observations.</param>
    /// <param name="output">Folder that the files go to.</param>
    /// <exception cref="InputException">A task's draws are not there.</exception>
    public static BenchmarkReferences Of(string? folder, BenchmarkRequest request, string output)
    {
        var references = new BenchmarkReferences(request);
        if (folder is null) return references;
        if (!Directory.Exists(folder))
            throw new InputException($"--references '{folder}' is no folder: name the folder sbibm/tasks of the benchmark, or leave it " +
                "out");
        foreach (var task in request.Tasks)
        {
            references._tasks.Add((task,
                [.. Enumerable.Range(1, request.Observations).Select(observation => Source(folder, task, observation))]));
            references.Files[task] = Path.GetFullPath(Path.Combine(output, $"{task}.h5"));
        }

        return references;
    }

    /// <exception cref="InputException">A file that does not hold draws of its task.</exception>
    public void Import(CancellationToken stop)
    {
        foreach (var (task, sources) in _tasks)
        {
            stop.ThrowIfCancellationRequested();
            ReferenceSamples.Import(SimulatorCatalog.Find($"sbibm-{task}"), sources, _request.Draws, _request.Marginals, Files[task]);
        }
    }

    private static string Source(string folder, string task, int observation)
    {
        var name = Path.Combine(task.Replace('-', '_'), "files", $"num_observation_{observation}", "reference_posterior_samples.csv");
        var path = Path.Combine(folder, name);
        if (File.Exists(path)) return path;
        return File.Exists($"{path}.bz2") ? $"{path}.bz2"
            : throw new InputException($"--references '{folder}' has no '{name}.bz2': name the folder sbibm/tasks of the benchmark, or " +
                "take fewer --tasks or --observations");
    }
}
