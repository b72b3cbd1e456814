using Amnre.Jobs.Views;
using Amnre.Scheduler.Markup;

namespace Amnre.Scheduler.Pages;

/// <summary>What a result is made of, down to seeds, program and allocation, and what is made of it.</summary>
internal static class LineageTable
{
    public const int Most = 200;
    private static readonly string[] Columns = ["Job", "Kind", "State", "Seed", "Made by", "Program", "Files"];

    public static Html Render(IReadOnlyList<LineageJob> jobs)
    {
        var (above, below) = (jobs.Where(job => job.Steps <= 0).OrderByDescending(job => job.Steps).ToList(),
            jobs.Where(job => job.Steps > 0).ToList());
        return Html.Of(
            $"""
            <section data-key="s-above"><details open><summary><h2>Made of</h2><span class="quiet">this, what it reads from, and so on back to the seeds</span></summary>{Layout.Table("Made of", Columns, above, (2 * Most) + 1, job => $"u{job.Id}", Cells)}</details></section>
            {(below.Count == 0 ? Html.None : Html.Of($"""<section data-key="s-below"><details open><summary><h2>Used by</h2></summary>{Layout.Table("Used by", Columns, below, Most, job => $"d{job.Id}", Cells)}</details></section>"""))}
            """);
    }

    private static Html Cells(LineageJob job) => Html.Of(
        $"""
        <td class="depth{Math.Min(Math.Abs(job.Steps), 6)}">{(job.Steps == 0 ? Html.Of($"<b>{job.Name}</b>") : Html.Of($"""<a href="/jobs/{job.Id}">{job.Name}</a>"""))}<br><code class="quiet" title="{job.Fingerprint}">{job.Fingerprint[..12]}</code></td>
        <td>{Wording.Word(job.Kind)}</td><td>{Layout.Badge(Wording.Word(job.State))}</td><td class="number">{job.Seed}</td>
        <td>{job.Worker}{(job.SlurmId is null ? "" : $", Slurm {job.SlurmId}")}{(job.Token is null ? Html.None : Html.Of($"""<br><span class="quiet">token {job.Token}</span>"""))}{(job.Device is null ? Html.None : Html.Of($"""<br><span class="quiet">{job.Device}{(job.BegunOn is null ? "" : $"; begun on {job.BegunOn}: other hardware")}</span>"""))}</td>
        <td class="why">{job.Version}</td><td class="number">{job.Files}</td>
        """);
}
