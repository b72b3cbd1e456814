using Amnre.Jobs.Views;
using Amnre.Scheduler.Markup;

namespace Amnre.Scheduler.Charts;

/// <summary>The attempts at a job along time, as SVG: a bar each.</summary>
internal static class TimelineDrawing
{
    private const double Width = 1100, Row = 24, Left = 90, Right = 12, Foot = 24;

    /// <param name="attempts">At least one.</param>
    /// <param name="now">UTC; what is under way reaches to here.</param>
    public static Html Draw(IReadOnlyList<AttemptSnapshot> attempts, DateTime now)
    {
        var sorted = attempts.OrderBy(attempt => attempt.Number).ToList();
        var begin = sorted.Min(attempt => attempt.StartedAt);
        var end = sorted.Max(attempt => attempt.EndedAt ?? now);
        var length = Math.Max((end - begin).TotalSeconds, 1);
        double X(DateTime at) => Left + (Math.Clamp((at - begin).TotalSeconds / length, 0, 1) * (Width - Left - Right));
        var height = (sorted.Count * Row) + Foot;
        return Html.Of(
            $"""
            <svg class="chart timeline" viewBox="0 0 {Width} {height}" role="img" aria-label="When each attempt ran" data-key="timeline">
            {sorted.Select((attempt, i) => Html.Of(
                $"""
                <g data-key="t{attempt.Token}"><text class="tick" x="{Left - 10}" y="{(i * Row) + 16}" text-anchor="end">attempt {attempt.Number}</text>
                <rect class="{(attempt.Outcome is { } outcome ? Wording.Word(outcome) : "running")}" x="{X(attempt.StartedAt):0.#}" y="{(i * Row) + 4}" width="{Math.Max(X(attempt.EndedAt ?? now) - X(attempt.StartedAt), 3):0.#}" height="{Row - 8}" rx="3"><title>{attempt.Worker}: {(attempt.Outcome is { } how ? Wording.Word(how) : "running")}, {Wording.Duration((attempt.EndedAt ?? now) - attempt.StartedAt)}</title></rect></g>
                """))}
            <text class="tick" x="{Left}" y="{height - 6}">{Wording.Instant(begin)} UTC</text>
            <text class="tick" x="{Width - Right}" y="{height - 6}" text-anchor="end">{Wording.Duration(end - begin)} later</text>
            </svg>
            """);
    }
}
