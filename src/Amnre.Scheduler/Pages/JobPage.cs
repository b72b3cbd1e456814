using System.Text.Encodings.Web;
using System.Text.Json;
using Amnre.Engine.Settings;
using Amnre.Jobs.Specs;
using Amnre.Jobs.Views;
using Amnre.Scheduler.Access;
using Amnre.Scheduler.Charts;
using Amnre.Scheduler.Markup;
using Amnre.Scheduler.Runs;

namespace Amnre.Scheduler.Pages;

/// <summary>All that one job's page shows.</summary>
/// <param name="Facts">Null where the job has just gone.</param>
/// <param name="Role">Of the reader.</param>
/// <param name="Log">The end of the log of the latest attempt; null without one.</param>
internal sealed record JobParts(
    JobDetail Job, JobFacts? Facts, IReadOnlyList<AttemptSnapshot> Attempts, IReadOnlyList<LedgerFile> Files,
    IReadOnlyList<LineageJob> Lineage, string? Log, IReadOnlyList<LossHistory> Losses, DateTime Now,
    AccessRole Role);

/// <summary>One job: why it is where it is, every attempt at it, what it made, of what, and its settings.</summary>
internal static class JobPage
{
    private const int Most = 100;
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
    private static readonly string[] Columns = ["Attempt", "Outcome", "Message", "Worker", "Started", "Took"];
    private static readonly string[] FileColumns = ["File", "Size", "SHA-256"];

    public static Page Render(JobParts parts)
    {
        var job = parts.Job;
        var explanation = parts.Facts is null ? null : JobExplanation.Of(parts.Facts);
        return Layout.Page(job.Name, Html.Of(
            $"""
            <p class="crumb"><a href="/experiments/{job.ExperimentId}">{job.Experiment}</a></p>
            <div class="title"><h1>{job.Name}</h1><span class="quiet">{Wording.Word(job.Kind)}</span><span role="status">{Layout.Badge(Wording.Word(job.State))}</span>{ActionForms.Of(job, parts.Role)}</div>
            {(explanation is null ? Html.None : Html.Of($"""<ul class="explain" data-key="explain">{explanation.Standing.Select(sentence => Html.Of($"<li>{sentence}</li>"))}{explanation.Origin.Select(sentence => Html.Of($"""<li class="quiet">{sentence}</li>"""))}</ul>"""))}
            {(job.Reason is not { } reason || (explanation?.Standing.Any(sentence => sentence.Contains(reason, StringComparison.Ordinal)) ?? false) ? Html.None : Html.Of($"""<p data-key="reason">{reason}</p>"""))}
            {Pictures(job, parts.Files)}
            {(parts.Losses.Where(losses => losses.Epochs.Count > 0).ToList() is { Count: > 0 } losses ? Html.Of($"""<section data-key="losses"><h2>Loss</h2> <span class="quiet">training dashed, validation solid</span><div class="card">{CurveDrawing.Draw(Curves(losses), false, "epoch", "loss")}</div></section>""") : Html.None)}
            <section data-key="attempts"><h2>Attempts</h2>
            {(parts.Attempts.Count == 0 ? Html.Of($"""<p class="empty">None.</p>""") : Html.Of($"""<div class="card">{TimelineDrawing.Draw([.. parts.Attempts.Take(Most)], parts.Now)}</div>{Layout.Table("Attempts", Columns, parts.Attempts, Most, one => $"a{one.Token}", one => Cells(one, parts.Now))}"""))}</section>
            {(parts.Log is null ? Html.None : Html.Of($"""<section data-key="log"><h2>Log</h2> <span class="quiet">of the latest attempt, its end</span><pre class="tail" data-stick="1" tabindex="0" role="region" aria-label="Log">{parts.Log}</pre></section>"""))}
            {(parts.Files.Count == 0 ? Html.None : Html.Of($"""<section data-key="files"><h2>Files</h2>{Layout.Table("Files", FileColumns, parts.Files, Most, file => $"f{file.Name}", FileCells)}</section>"""))}
            {LineageTable.Render(parts.Lineage)}
            <section data-key="settings"><details open><summary><h2>Settings</h2></summary><pre>{Indented(SettingName.InDocument(job.Settings))}</pre>
            <p class="quiet">fingerprint <code>{job.Fingerprint}</code>{(job.TraceId is null ? Html.None : Html.Of($"""<br>trace <code>{job.TraceId}</code>"""))}</p></details></section>
            """), place: "/");
    }

    private static Html Pictures(JobDetail job, IReadOnlyList<LedgerFile> files)
    {
        var pictures = files.Where(file => file.Name.EndsWith(".png", StringComparison.Ordinal)).Take(12).ToList();
        return pictures.Count == 0
            ? Html.None
            : Html.Of($"""<section data-key="pictures" aria-label="Figures"><div class="figures">{pictures.Select(file => FiguresPage.Figure(new FigureFile(job.Id, job.Name, Wording.Word(JobKind.Plot), file.Token, file.Name)))}</div></section>""");
    }

    private static List<Curve> Curves(List<LossHistory> losses) =>
    [
        .. losses.SelectMany((model, i) =>
        {
            var name = losses.Count == 1 ? "" : $"{model.Name}, ";
            return (Curve[])
            [
                new($"{name}training", $"{name}training", i, true, [.. model.Epochs.Select(epoch => new Point(epoch.Epoch, epoch.Mean))]),
                new($"{name}validation", $"{name}validation", i, false,
                    [.. model.Epochs.Where(epoch => epoch.ValidationMean is not null)
                        .Select(epoch => new Point(epoch.Epoch, epoch.ValidationMean!.Value))]),
            ];
        }),
    ];

    private static string Indented(string json) => JsonSerializer.Serialize(JsonSerializer.Deserialize<JsonElement>(json), Readable);

    private static Html FileCells(LedgerFile file) => Html.Of(
        $"""
        <td><a href="{ArtifactFile.Address(file.Token, file.Name)}">{file.Name}</a>{(file.Measured ? Html.Of($""" <span class="quiet" title="Holds times of the clock, so its bytes differ from run to run">measured</span>""") : Html.None)}</td>
        <td class="number">{MemorySize.Text(file.Bytes)}</td><td><code>{file.Sha256}</code></td>
        """);

    private static Html Cells(AttemptSnapshot one, DateTime now) => Html.Of(
        $"""
        <td class="number">{one.Number} <span class="quiet">token {one.Token}</span></td>
        <td>{Layout.Badge(one.Outcome is { } outcome ? Wording.Word(outcome) : "running")}{(one.FailureClass is { } failure ? Html.Of($""" <span class="quiet">{Wording.Word(failure)}</span>""") : Html.None)}</td>
        <td class="why">{one.Message}{(one.EndedAt is null && one.Progress is { } progress ? Layout.Bar(progress.Fraction) : Html.None)}</td>
        <td>{one.Worker}{(one.SlurmId is null ? Html.None : Html.Of($"""<br><span class="quiet">Slurm {one.SlurmId}</span>"""))}{(one.Version is null ? Html.None : Html.Of($"""<br><span class="quiet">{one.Version}</span>"""))}{(one.Device is { } device ? Html.Of($"""<br><span class="quiet">{device.Sentence}</span>""") : Html.None)}</td>
        <td class="number">{Wording.Instant(one.StartedAt)}</td>
        <td class="number">{Wording.Duration((one.EndedAt ?? now) - one.StartedAt)}</td>
        """);
}
