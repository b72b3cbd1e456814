using Amnre.Jobs.Attempts;
using Amnre.Jobs.Views;
using Amnre.Scheduler.Markup;

namespace Amnre.Scheduler.Pages;

/// <summary>Where the time of workers went: what came of it, and what was for nothing.</summary>
internal static class SpentTable
{
    private static readonly string[] Columns = ["Attempts that", "Number", "Worker time", "GPU time", "Share"];

    public static Html Render(IReadOnlyList<SpentTime> spent)
    {
        if (spent.Count == 0) return Html.None;
        var all = spent.Sum(one => one.Seconds);
        return Html.Of(
            $"""<section data-key="s-spent"><details open><summary><h2>Time of workers</h2></summary>{Layout.Table("Time of workers", Columns, spent, 10, one => $"o{one.Outcome}", one => Html.Of(
            $"""
            <td>{Words(one.Outcome)}</td><td class="number">{one.Attempts}</td><td class="number">{Wording.Duration(one.Seconds)}</td>
            <td class="number">{(one.GpuSeconds > 0 ? Wording.Duration(one.GpuSeconds) : "–")}</td><td class="number">{(all > 0 ? 100 * one.Seconds / all : 0):0.#}{"\u202f%"}</td>
            """))}</details></section>""");
    }

    private static string Words(AttemptOutcome? outcome) => outcome switch
    {
        null => "are under way",
        AttemptOutcome.Succeeded => "made a result",
        AttemptOutcome.Drained => "saved their work and handed it back; another went on from there",
        AttemptOutcome.Failed => "failed: wasted, but for checkpoints",
        AttemptOutcome.Lost => "were lost with their worker: wasted since the last checkpoint",
        _ => "were cancelled",
    };
}
