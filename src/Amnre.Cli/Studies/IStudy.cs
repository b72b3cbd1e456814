using Amnre.Engine;
using Amnre.Experiments.Plans;
using Amnre.Jobs.Operations;
using Amnre.Jobs.Specs;
using Amnre.Jobs.Submissions;
using Amnre.Jobs.Views;
using Amnre.Jobs.Workers;

namespace Amnre.Cli.Studies;

/// <summary>What was submitted, wherever it is: behind a database or behind a scheduler's API.</summary>
internal interface IStudy : IAsyncDisposable
{
    /// <summary>The store's folder as this machine has it; null where it has none.</summary>
    string? StoreRoot { get; }

    /// <exception cref="InputException">It selects nothing.</exception>
    Task<IReadOnlyList<SelectedExperiment>> SelectAsync(string text, CancellationToken stop);

    Task<IReadOnlyList<ExperimentSummary>> ListAsync(int most, CancellationToken stop);

    Task<IReadOnlyList<WorkerSnapshot>> WorkersAsync(CancellationToken stop);

    Task<IReadOnlyList<SchedulerEntry>> SchedulersAsync(CancellationToken stop);

    /// <returns>Null when there is no such experiment.</returns>
    Task<ExperimentSnapshot?> SnapshotAsync(long experiment, CancellationToken stop);

    Task<IReadOnlyList<PublishedFile>> FilesAsync(long experiment, CancellationToken stop);

    /// <returns>Null when there is no such job.</returns>
    Task<JobFacts?> FactsAsync(long job, CancellationToken stop);

    /// <inheritdoc cref="LogViews.ReadAsync"/>
    Task<LogPage?> LogAsync(long jobId, int? only, IReadOnlyDictionary<long, long> positions, int? tail, CancellationToken cancel);

    Task<ActionReport> DoAsync(ActionRequest request, CancellationToken stop);

    Task<Submitted> SubmitAsync(ExperimentPlan plan, PlanNeeds needs, int priority, bool verify, CancellationToken stop);

    Task<Submitted> ExtendAsync(ExperimentPlan plan, PlanNeeds needs, CancellationToken stop);
}

/// <summary>What follows from it.</summary>
internal static class StudyQuestions
{
    /// <exception cref="InputException">It selects no job or several.</exception>
    public static async Task<(SelectedExperiment Experiment, SelectedJob Job)> SelectJobAsync(this IStudy study, string text,
        CancellationToken stop)
    {
        var found = (await study.SelectAsync(text, stop)).SelectMany(one => one.Jobs.Select(job => (one, job))).ToList();
        const int shown = 5;
        return found is [var only] ? only : throw new InputException(
            $"'{text}' selects {found.Count} jobs and one is needed: " +
                $"{string.Join(", ", found.Take(shown).Select(pair => $"'{pair.one.Name}/{pair.job.Name}'"))}" +
                $"{(found.Count > shown ? ", …" : "")}");
    }

    /// <exception cref="InputException">It selects single jobs.</exception>
    public static async Task<IReadOnlyList<SelectedExperiment>> SelectWholeAsync(this IStudy study, string text, CancellationToken stop) =>
        Selector.Whole(text, await study.SelectAsync(text, stop));

    /// <summary>What the user should be told when no scheduler is there to act on a request; null when one is.</summary>
    public static async Task<string?> MissingSchedulerAsync(this IStudy study, CancellationToken stop) =>
        (await study.SchedulersAsync(stop)).Count > 0 ? null
            : "no scheduler is running: jobs begin when 'amnre run FILE', or 'amnre scheduler' and 'amnre worker', is started";

    /// <summary>What becomes of jobs that were just asked for, and how to start whom they wait for.</summary>
    public static async Task<string> WhatFollowsAsync(this IStudy study, CancellationToken stop)
    {
        var schedules = (await study.SchedulersAsync(stop)).Count > 0;
        var works = (await study.WorkersAsync(stop)).Any(worker => worker is { IsSilent: false, Draining: false });
        return (schedules, works) switch
        {
            (true, true) => "they run as soon as what they read from is there and a worker is free; 'amnre watch EXPERIMENT' shows it",
            (true, false) => "they wait: a scheduler is running, but no worker; start 'amnre worker' with the same store and database",
            (false, true) => "they wait: workers are running, but no scheduler; start 'amnre scheduler' with the same store and database",
            _ => "they wait: no scheduler and no worker is running; start 'amnre run FILE' again with the same store, or 'amnre " +
                "scheduler' and 'amnre worker'",
        };
    }
}
