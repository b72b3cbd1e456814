using System.Globalization;
using Amnre.Engine;
using Amnre.Engine.Evaluation;
using Amnre.Engine.Verdicts;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Specs;
using Amnre.Jobs.Submissions;
using Amnre.Jobs.Views;
using Spectre.Console;

namespace Amnre.Cli.Terminal;

/// <summary>What a run ends with: the metrics and where everything is.</summary>
internal static class Report
{
    /// <summary>What a submission decided.</summary>
    public static void Submission(ExperimentPlan plan, Submitted submitted)
    {
        if (submitted.Attached)
        {
            AnsiConsole.MarkupLineInterpolated($"[bold]{plan.Name}[/]: resuming the unfinished run of {plan.Jobs.Count} jobs");
            return;
        }

        var runs = submitted.Jobs.Count(job => job.Runs);
        AnsiConsole.MarkupLineInterpolated($"[bold]{plan.Name}[/]: {plan.Jobs.Count} jobs, {runs} to run, {plan.Jobs.Count - runs} reused");
        if (runs == plan.Jobs.Count) return;
        foreach (var job in submitted.Jobs) Decision(job.Runs, job.Name, job.Reason);
    }

    /// <summary>What a submission would decide, and what that may cost.</summary>
    public static void Preview(IReadOnlyList<PreviewedJob> jobs)
    {
        foreach (var job in jobs) Decision(job.Runs, job.Name, job.Reason);
        List<PreviewedJob> run = [.. jobs.Where(job => job.Runs)];
        List<TimeSpan> known = [.. run.Select(job => job.Expected).OfType<TimeSpan>()];
        var cost = run.Count == 0 ? "nothing to do"
            : known.Count == 0 ? "no job like these was seen yet, so their cost is not known"
            : $"about {Durations.Text(known.Aggregate(TimeSpan.Zero, (sum, one) => sum + one))} of one worker's time, by jobs like these"
                + (known.Count < run.Count ? $"; of {run.Count - known.Count} nothing is known" : "");
        AnsiConsole.MarkupLineInterpolated($"{run.Count} to run, {jobs.Count - run.Count} reused: {cost}");
    }

    private static void Decision(bool runs, string job, string reason)
    {
        if (runs) AnsiConsole.MarkupLineInterpolated($"  [blue]run[/]    {job}: {reason}");
        else AnsiConsole.MarkupLineInterpolated($"  [green]reuse[/]  {job}: {reason}");
    }

    /// <param name="store">The store's folder; null when it is out of reach, and with it what is in the files.</param>
    public static void Write(ExperimentSnapshot snapshot, IReadOnlyList<PublishedFile> files, string? store, TimeSpan took)
    {
        var experiment = snapshot.Experiment;
        if (store is not null) Findings(snapshot, files, store);
        Failures(snapshot);
        foreach (var warning in snapshot.Warnings) AnsiConsole.MarkupLineInterpolated($"[yellow]{warning.Message}[/]");
        Places(experiment.Name, files, store ?? "");
        var colour = experiment.State == ExperimentState.Succeeded ? "green" : "red";
        AnsiConsole.MarkupLine(
            $"[{colour}]{Markup.Escape(experiment.Name)} {EnumName.Of(experiment.State)}[/]: {experiment.Succeeded} " +
            "jobs run, " +
            $"{experiment.Reused} reused, {experiment.Failed + experiment.Skipped + experiment.Cancelled} not done, in " +
            $"{Durations.Text(took)}");
    }

    /// <summary>The numbers that trainings and evaluations ended with, what they mean, and the verdicts.</summary>
    public static void Findings(ExperimentSnapshot snapshot, IReadOnlyList<PublishedFile> files, string store)
    {
        var done = snapshot.Jobs.Where(job => job.State.IsDone).ToList();
        List<JobSnapshot> decisions = [.. done.Where(job => job.Kind == JobKind.Decide)];
        List<string> searches = [.. decisions.Select(one => JobKinds.SearchOfDecision(one.Name)).Distinct()];
        Metrics([.. done.Where(job => job.Kind == JobKind.Evaluate
            || (job.Kind == JobKind.Train && !SearchTable.IsOfSearch(job.Name, searches))).Select(job => job.Name)], files, store);
        SearchTable.Write(decisions, files, store);
        foreach (var job in done.Where(job => job.Kind == JobKind.Verdict))
            if (PublishedContent.Of(files.FirstOrDefault(file => file.Job == job.Name), store, VerdictReport.Read)
                is { } verdict) Verdict(job.Name, verdict);
    }

    private static void Metrics(IReadOnlyList<string> jobs, IReadOnlyList<PublishedFile> files, string store)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("job", "metric").AddColumn(new TableColumn("value").RightAligned())
            .AddColumns("", "meaning");
        foreach (var job in jobs)
        {
            foreach (var model in files.Where(file => file.Job == job).Select(file => TrainingModels.NameOf(file.Job, file.Name))
                .Distinct())
            {
                var (name, metrics) = (model, JobMetrics.Of(model, files, store));
                foreach (var (metric, value) in metrics)
                {
                    var meaning = MetricMeaning.Of(metric, value, metrics);
                    table.AddRow(Markup.Escape(name), Markup.Escape(metric), value.ToString("0.####", CultureInfo.InvariantCulture),
                        Coloured(meaning?.Grade ?? MetricGrade.None), Markup.Escape(meaning?.Text ?? ""));
                    name = "";
                }
            }
        }

        if (table.Rows.Count > 0) AnsiConsole.Write(table);
    }

    private static string Coloured(MetricGrade grade) => grade switch
    {
        MetricGrade.Good => "[green]good[/]",
        MetricGrade.Fair => "[yellow]fair[/]",
        MetricGrade.Poor => "[red]poor[/]",
        _ => "",
    };

    private static void Verdict(string job, VerdictReport verdict)
    {
        var (word, colour) = verdict.Outcome switch
        {
            CheckOutcome.Pass => ("PASS: nothing speaks against these posteriors", "green"),
            CheckOutcome.Warn => ("WARN: these posteriors may mislead", "yellow"),
            _ => ("FAIL: these posteriors mislead; do not use them as they are", "red"),
        };
        AnsiConsole.MarkupLine($"{Markup.Escape(job)}: [{colour}]{word}[/] ({verdict.Rows} rows)");
        foreach (var check in verdict.Checks.Where(check => check.Outcome != CheckOutcome.Pass).OrderByDescending(check => check.Outcome))
            AnsiConsole.MarkupLineInterpolated($"  {EnumName.Of(check.Check)} {EnumName.Of(check.Outcome)}: {check.Sentence}");
    }

    private static void Failures(ExperimentSnapshot snapshot)
    {
        foreach (var job in snapshot.Jobs.Where(job => job.State == JobState.Failed))
            AnsiConsole.MarkupLineInterpolated(
                $"[red]failed[/] {job.Name}: {job.Attempt?.Message ?? job.Reason ?? "no reason was recorded"}");
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
