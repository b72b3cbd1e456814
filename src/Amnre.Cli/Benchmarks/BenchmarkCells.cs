using Amnre.Engine;
using Amnre.Engine.Benchmarks;
using Amnre.Engine.Tables;
using Amnre.Experiments.Benchmarks;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Views;

namespace Amnre.Cli.Benchmarks;

/// <summary>What a study has found out of each cell, by the files that it published.</summary>
internal static class BenchmarkCells
{
    public static IReadOnlyList<BenchmarkCell> Of(
        BenchmarkRequest request, ExperimentSnapshot snapshot, IReadOnlyList<PublishedFile> files, string store)
    {
        var (jobs, published) = (snapshot.Jobs.ToDictionary(job => job.Name, StringComparer.Ordinal),
            files.ToDictionary(file => (file.Job, file.Name), file => Path.Combine(store, file.Path)));
        return
        [
            .. from task in request.Tasks from budget in request.Budgets from method in request.Methods
            select Cell(task, budget, method)
        ];

        BenchmarkCell Cell(string task, int budget, string method)
        {
            var model = BenchmarkStudy.ModelOf(task, budget, method);
            var (training, comparison, coverage) = ($"train/{model}", $"evaluate/{BenchmarkStudy.ComparisonOf(task)}/{model}",
                $"evaluate/{BenchmarkStudy.CoverageOf(task)}/{model}");
            var cell = new BenchmarkCell(task, budget, method, request.Observations);
            List<string> wanted =
            [
                training, $"truth/{BenchmarkStudy.ComparisonOf(task)}", comparison,
                .. request.CoverageRows > 0 ? [coverage] : (string[])[],
            ];
            var missing = wanted.Select(jobs.GetValueOrDefault).OfType<JobSnapshot>().FirstOrDefault(job => !job.State.IsDone);
            if (missing is not null) cell = cell with { Missing = Text(missing) };
            return cell.With(File(comparison, "c2st.csv"), File(coverage, "diagnostics.csv"), File(training, HistoryFile.Name));
        }

        string? File(string job, string name) =>
            published.TryGetValue((job, name), out var path) && System.IO.File.Exists(path) ? path : null;
    }

    private static string Text(JobSnapshot job) => job.State == JobState.Failed
        ? $"{job.Name} failed: {(job.Attempt?.Message ?? job.Reason ?? "no reason was recorded").ReplaceLineEndings(" ")}"
        : $"{job.Name} is {EnumName.Of(job.State)}";
}
