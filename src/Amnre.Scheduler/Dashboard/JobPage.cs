using System.Text.Encodings.Web;
using System.Text.Json;
using Amnre.Jobs.Views;
using Amnre.Scheduler.Hosting;

namespace Amnre.Scheduler.Dashboard;

/// <summary>One job: its settings and every attempt at it.</summary>
internal static class JobPage
{
    private const int Most = 100;
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly string[] Columns = ["Attempt", "Outcome", "Message", "Worker", "Started", "Took"];

    public static Html Render(JobDetail job, IReadOnlyList<AttemptSnapshot> attempts, DateTime now, AccessRole role) => Layout.Page(job.Name, Html.Of(
        $"""
        <p class="quiet"><a href="/experiments/{job.ExperimentId}">{job.Experiment}</a></p>
        <div class="title"><h1>{job.Name}</h1><span class="quiet">{Wording.Word(job.Kind)}</span>{Layout.Badge(Wording.Word(job.State))}</div>
        {(job.Reason is null ? Html.None : Html.Of($"<p>{job.Reason}</p>"))}
        {ActionForms.Of(job, role)}
        <section data-key="attempts"><h2>Attempts</h2>
        {(attempts.Count == 0 ? Html.Of($"""<p class="empty">None.</p>""") : Layout.Table("Attempts", Columns, attempts, Most, one => $"a{one.Token}", one => Cells(one, now)))}</section>
        <section data-key="settings"><h2>Settings</h2><pre>{Indented(job.Settings)}</pre>
        <p class="quiet">fingerprint <code>{job.Fingerprint}</code></p></section>
        """));

    private static string Indented(string json) => JsonSerializer.Serialize(JsonSerializer.Deserialize<JsonElement>(json), Readable);

    private static Html Cells(AttemptSnapshot one, DateTime now) => Html.Of(
        $"""
        <td class="number">{one.Number} <span class="quiet">token {one.Token}</span></td>
        <td>{Layout.Badge(one.Outcome is { } outcome ? Wording.Word(outcome) : "running")}{(one.FailureClass is { } failure ? Html.Of($""" <span class="quiet">{Wording.Word(failure)}</span>""") : Html.None)}</td>
        <td class="why">{one.Message}{(one.EndedAt is null && one.Progress is { } progress ? Layout.Bar(progress.Fraction) : Html.None)}</td>
        <td>{one.Worker}</td>
        <td class="number">{Wording.Instant(one.StartedAt)}</td>
        <td class="number">{Wording.Duration((one.EndedAt ?? now) - one.StartedAt)}</td>
        """);
}
