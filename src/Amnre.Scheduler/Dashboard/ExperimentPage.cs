using Amnre.Jobs.Attempts;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Views;
using Amnre.Scheduler.Hosting;

namespace Amnre.Scheduler.Dashboard;

/// <summary>One experiment: what runs, what went wrong, what is left, what is done.</summary>
internal static class ExperimentPage
{
    private const int Most = 200;
    private const int Unfolded = 40;
    private static readonly string[] RunningColumns = ["Job", "Progress", "Figures", "Time left", "Worker", "Since"];
    private static readonly string[] OtherColumns = ["Job", "State", "Why", "Attempts", "Took"];
    private static readonly string[] FirstMetrics = ["loss", "v_loss", "lr", "epoch"];

    public static Html Render(ExperimentSnapshot snapshot, IReadOnlyList<LedgerMessage> events, AccessRole role)
    {
        var experiment = snapshot.Experiment;
        return Layout.Page(experiment.Name, Html.Of(
            $"""
            <div class="title"><h1>{experiment.Name}</h1><span class="quiet">version {experiment.Version}</span>{Layout.Badge(Wording.Word(experiment))}</div>
            <p class="facts"><span><b>{experiment.Done}</b> of {experiment.Total} jobs done</span>
            <span>submitted {Wording.Instant(experiment.SubmittedAt)} UTC</span>
            <span>{(experiment.FinishedAt is null ? "for" : "took")} {Wording.Duration((experiment.FinishedAt ?? snapshot.Now) - experiment.SubmittedAt)}</span></p>
            {ActionForms.Of(experiment, role)}
            {StateStrip.Strip(experiment)}
            {StateStrip.Words(experiment)}
            {snapshot.Warnings.Select(warning => Html.Of($"""<p class="warning" data-key="w{warning.Id}"><b>{warning.Kind}</b> {warning.Message}</p>"""))}
            {Section("Running", snapshot, state => state is JobState.Running, RunningColumns, job => RunningCells(job, snapshot.Now))}
            {Section("Failed", snapshot, state => state is JobState.Failed, OtherColumns, job => OtherCells(job, snapshot.Now))}
            {Section("Next", snapshot, state => state is JobState.Ready or JobState.Queued, OtherColumns, job => OtherCells(job, snapshot.Now))}
            {Section("Waiting", snapshot, state => state is JobState.Waiting, OtherColumns, job => OtherCells(job, snapshot.Now))}
            {Section("Done", snapshot, state => state.IsDone, OtherColumns, job => OtherCells(job, snapshot.Now))}
            {Section("Not run", snapshot, state => state is JobState.Skipped or JobState.Cancelled, OtherColumns, job => OtherCells(job, snapshot.Now))}
            {Log(events)}
            """));
    }

    private static Html Section(string title, ExperimentSnapshot snapshot, Func<JobState, bool> belongs, string[] columns, Func<JobSnapshot, Html> cells)
    {
        var jobs = snapshot.Jobs.Where(job => belongs(job.State)).ToList();
        return jobs.Count == 0 ? Html.None : Html.Of(
            $"""
            <section data-key="s-{title}"><details{(jobs.Count <= Unfolded || title == "Failed" ? Html.Of($" open") : Html.None)}><summary><h2>{title}</h2><span class="quiet">{jobs.Count}</span></summary>
            {Layout.Table(title, columns, jobs, Most, job => $"j{job.Id}", cells)}</details></section>
            """);
    }

    private static Html RunningCells(JobSnapshot job, DateTime now)
    {
        var attempt = job.Attempt;
        var progress = attempt?.Progress;
        return Html.Of(
            $"""
            <td>{Name(job)}{(job.Attempts > 1 ? Html.Of($""" <span class="quiet">attempt {job.Attempts}</span>""") : Html.None)}</td>
            <td>{Layout.Bar(progress?.Fraction ?? 0)}<small>{(progress is null ? "starting" : $"{Wording.Count(progress.Done)} of {Wording.Count(progress.Total)} {progress.Unit}")}</small></td>
            <td class="metrics">{Metrics(progress)}</td>
            <td class="number">{Wording.Duration(progress?.SecondsLeft)}</td>
            <td><span title="{attempt?.Worker}">{attempt?.Host}</span>{Silence(attempt, now)}</td>
            <td class="number">{(attempt is null ? "" : Wording.Duration(now - attempt.StartedAt))}</td>
            """);
    }

    private static Html OtherCells(JobSnapshot job, DateTime now) => Html.Of(
        $"""
        <td>{Name(job)}</td>
        <td>{Layout.Badge(Wording.Word(job.State))}</td>
        <td class="why">{Why(job, now)}</td>
        <td class="number">{(job.Attempts == 0 ? "" : $"{job.Attempts}")}</td>
        <td class="number">{(job.Attempt is { EndedAt: { } ended } attempt && job.State.IsFinal ? Wording.Duration(ended - attempt.StartedAt) : "")}</td>
        """);

    private static Html Name(JobSnapshot job) => Html.Of(
        $"""<a href="/jobs/{job.Id}">{job.Name}</a> <span class="quiet kind">{Wording.Word(job.Kind)}</span>""");

    private static string Why(JobSnapshot job, DateTime now) => job switch
    {
        { State: JobState.Waiting } => $"waits for {job.Unmet} job{(job.Unmet == 1 ? "" : "s")}",
        { State: JobState.Ready, NotBefore: { } due } when due > now => $"{job.Reason}; again in {Wording.Duration(due - now)}",
        { State: JobState.Queued } => "next free worker takes it",
        _ => job.Reason ?? "",
    };

    private static IEnumerable<Html> Metrics(ReportedProgress? progress) =>
        (progress?.Metrics ?? new Dictionary<string, double>())
            .OrderBy(metric => Array.IndexOf(FirstMetrics, metric.Key) is var place && place < 0 ? int.MaxValue : place).ThenBy(metric => metric.Key, StringComparer.Ordinal)
            .Select(metric => Html.Of($"""<span data-key="m-{metric.Key}"><i>{metric.Key}</i> {Wording.Number(metric.Value)}</span>"""));

    private static Html Silence(AttemptSnapshot? attempt, DateTime now) => attempt is { EndedAt: null } && attempt.LeaseUntil < now
        ? Html.Of($""" <span class="badge suspected" title="its lease has run out">silent</span>""") : Html.None;

    private static Html Log(IReadOnlyList<LedgerMessage> events) => events.Count == 0 ? Html.None : Html.Of(
        $"""
        <section data-key="s-log"><details><summary><h2>What happened</h2><span class="quiet">{events.Count}</span></summary>
        <ol class="log">{events.Reverse().Select(one => Html.Of(
            $"""<li data-key="v{one.Id}"><time>{Wording.Instant(one.At)}</time> <b>{one.Kind}</b> {one.Job} <span>{one.Message}</span></li>"""))}</ol></details></section>
        """);
}
