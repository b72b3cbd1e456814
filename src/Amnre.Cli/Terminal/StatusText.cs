using System.Globalization;
using Amnre.Engine;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Views;
using Amnre.Jobs.Workers;
using Spectre.Console;

namespace Amnre.Cli.Terminal;

/// <summary>How experiments, jobs and workers read in a terminal.</summary>
internal static class StatusText
{
    /// <param name="experiments">Newest first.</param>
    /// <param name="workers">Those that have not left.</param>
    /// <param name="schedulers">Each with the address to open its pages at.</param>
    public static void List(IReadOnlyList<ExperimentSummary> experiments, IReadOnlyList<WorkerSnapshot> workers,
        IReadOnlyList<(SchedulerEntry Scheduler, string? Link)> schedulers)
    {
        // On 80 columns there is room for what differs from the usual only.
        var (failures, priorities) = (experiments.Any(one => one.Failed + one.Skipped > 0), experiments.Any(one => one.Priority != 0));
        var table = new Table().Border(TableBorder.Simple).AddColumns("experiment", "version").AddColumn(new TableColumn("state").NoWrap())
            .AddColumn(new TableColumn("done").RightAligned().NoWrap()).AddColumn(new TableColumn("running").RightAligned());
        if (failures) table.AddColumn(new TableColumn("failed").RightAligned());
        if (priorities) table.AddColumn(new TableColumn("priority").RightAligned());
        table.AddColumn(new TableColumn("submitted").NoWrap());
        foreach (var one in experiments)
        {
            List<string> row = [Markup.Escape(one.Name), $"{one.Version}", Coloured(StateOf(one), one.State), $"{one.Done}/{one.Total}",
                $"{one.Running}"];
            if (failures) row.Add(one.Failed + one.Skipped == 0 ? "" : $"[red]{one.Failed + one.Skipped}[/]");
            if (priorities) row.Add($"{one.Priority}");
            table.AddRow([.. row, Instant(one.SubmittedAt)]);
        }

        if (experiments.Count == 0) AnsiConsole.MarkupLine("no experiments");
        else AnsiConsole.Write(table);
        foreach (var worker in workers)
        {
            var version = worker.Version == ProgramVersion.Build ? "" : $" of version {worker.Version ?? "unknown"}";
            var work = (worker.Job is null ? "idle" : $"{worker.Experiment}/{worker.Job}") + (worker.Draining ? ", leaving" : "");
            var gpus = string.Concat(worker.Gpus.Select(gpu => $"; {gpu}"));
            AnsiConsole.MarkupLineInterpolated($"worker {worker.Id} on {worker.Host}{version}: {work}{SilentFor(worker)}{gpus}");
        }

        foreach (var (scheduler, link) in schedulers)
            // The link last: what follows one would be taken for part of it.
            Console.WriteLine($"scheduler on {scheduler.Host}{(scheduler.Leader ? "" : ", standby")}, version " +
                $"{scheduler.Version ?? "unknown"}: {link ?? "no pages"}");
        if (workers.Count == 0) AnsiConsole.MarkupLine("no worker is running");
        if (schedulers.Count == 0) AnsiConsole.MarkupLine("no scheduler is running");
    }

    /// <param name="snapshot">The experiment.</param>
    /// <param name="jobs">The jobs to list; null lists those that run or failed.</param>
    public static void Experiment(ExperimentSnapshot snapshot, IReadOnlySet<long>? jobs)
    {
        var one = snapshot.Experiment;
        AnsiConsole.MarkupLine($"[bold]{Markup.Escape(one.Name)}[/] version {one.Version}: {Coloured(StateOf(one), one.State)}, " +
            $"{one.Done} of {one.Total} jobs done" +
            string.Concat(
                new[] { ("waiting", one.Waiting), ("ready", one.Ready), ("running", one.Running), ("reused", one.Reused),
                    ("failed", one.Failed), ("skipped", one.Skipped), ("cancelled", one.Cancelled), ("pruned", one.Pruned) }
                .Where(state => state.Item2 > 0).Select(state => $", {state.Item2} {state.Item1}")) +
            $"; submitted {Instant(one.SubmittedAt)}" +
            $"{(one.FinishedAt is { } end ? $", took {Durations.Text(end - one.SubmittedAt)}" : "")}");
        var listed = snapshot.Jobs.Where(job => jobs?.Contains(job.Id) ?? job.State is JobState.Running or JobState.Failed).ToList();
        if (listed.Count > 0)
        {
            var table = new Table().Border(TableBorder.Simple).AddColumns("job", "state")
                .AddColumn(new TableColumn("attempts").RightAligned())
                .AddColumn(new TableColumn("took").RightAligned()).AddColumn("");
            foreach (var job in listed)
                table.AddRow(Markup.Escape(job.Name), StateOf(job), job.Attempts == 0
                    ? ""
                    : $"{job.Attempts}", Took(job, snapshot.Now), Markup.Escape(Why(job, snapshot.Now)));
            AnsiConsole.Write(table);
        }

        foreach (var warning in snapshot.Warnings)
            AnsiConsole.MarkupLineInterpolated($"[yellow]drift[/] {Instant(warning.At)} {warning.Message}");
    }

    public static string Instant(DateTime utc) => utc.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string StateOf(ExperimentSummary one) => one.State switch
    {
        ExperimentState.Running when one.CancelRequested => "cancelling",
        ExperimentState.Running when one.Paused => one.Running > 0 ? $"paused ({one.Running} still running)" : "paused",
        _ => EnumName.Of(one.State),
    };

    private static string Coloured(string text, ExperimentState state) => state switch
    {
        ExperimentState.Succeeded => $"[green]{text}[/]",
        ExperimentState.Failed => $"[red]{text}[/]",
        ExperimentState.Cancelled => $"[yellow]{text}[/]",
        _ => $"[blue]{text}[/]",
    };

    private static string StateOf(JobSnapshot job)
    {
        var word = EnumName.Of(job.State) + (job.CancelRequested && !job.State.IsFinal ? ", cancelling" : "");
        return job.State.IsDone ? $"[green]{word}[/]" : job.State.IsAbandoned ? $"[red]{word}[/]" : job.State == JobState.Running
            ? $"[blue]{word}[/]" : word;
    }

    private static string Took(JobSnapshot job, DateTime now) =>
        job.Attempt is { } attempt && (job.State.IsFinal || attempt.EndedAt is null)
        ? Durations.Text((attempt.EndedAt ?? now) - attempt.StartedAt) : "";

    private static string Why(JobSnapshot job, DateTime now) => job switch
    {
        { State: JobState.Waiting } => $"waits for {job.Unmet} job{(job.Unmet == 1 ? "" : "s")}",
        { State: JobState.Running, Attempt: { EndedAt: null, Progress: { } progress } attempt } =>
            $"{ProgressText.Line(progress, null)}  on {attempt.Host}",
        { State: JobState.Ready, NotBefore: { } due } when due > now => $"{job.Reason}; again in {Durations.Text(due - now)}",
        { State: JobState.Failed } => job.Reason ?? job.Attempt?.Message ?? "",
        _ => job.Reason ?? "",
    };

    private static string SilentFor(WorkerSnapshot worker) => !worker.IsSilent
        ? ""
        : $", silent for {Durations.Text(TimeSpan.FromSeconds(worker.SecondsSilent))}";
}
