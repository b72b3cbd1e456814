using Amnre.Jobs.Views;
using Amnre.Scheduler.Charts;
using Amnre.Scheduler.Markup;
using Amnre.Scheduler.Runs;

namespace Amnre.Scheduler.Pages;

/// <summary>What a reader wants to see of loss curves, as the page's address says it.</summary>
/// <param name="Jobs">Null for the first few, running ones before others.</param>
/// <param name="Smooth">Weight of the moving average, in [0, 1).</param>
/// <param name="Time">Against seconds of training instead of epochs.</param>
internal sealed record CurvesQuery(IReadOnlyList<long>? Jobs, bool Log, double Smooth, bool Time);

/// <summary>Losses of several trainings over one another, while they run and after.</summary>
internal static class CurvesPage
{
    public const int First = 6, Most = 16, Listed = 500;
    private const int Points = 800;

    /// <param name="experiment">Whose trainings.</param>
    /// <param name="trainings">All that have begun, as far as they are listed.</param>
    /// <param name="histories">Of those that are shown.</param>
    /// <param name="query">How they are shown.</param>
    public static Page Render(
        ExperimentSummary experiment, IReadOnlyList<(long Job, string Name)> trainings, IReadOnlyList<LossHistory> histories,
        CurvesQuery query)
    {
        var curves = histories.SelectMany((history, i) => Curves(history, i, query)).ToList();
        var silent = histories.Where(history => history.Epochs.Count == 0).Select(history => history.Name).ToList();
        return ExperimentFrame.Page(experiment, "/curves", Html.Of(
            $"""
            <form class="filters" method="get" action="{ExperimentFrame.Address(experiment, "/curves")}" data-key="form">
            <label><input type="checkbox" name="log" value="1"{Checked(query.Log)}> Logarithmic</label>
            <label><input type="checkbox" name="time" value="1"{Checked(query.Time)}> Against time</label>
            <label>Smoothing <select name="smooth">{new[] { 0, 0.6, 0.8, 0.9, 0.97 }.Select(weight => Html.Of($"""<option value="{weight}"{(weight == query.Smooth ? Html.Of($" selected") : Html.None)}>{(weight == 0 ? "none" : $"{weight}")}</option>"""))}</select></label>
            <button>Show</button>
            <details data-key="trainings"><summary>Trainings ({histories.DistinctBy(history => history.Job).Count()} of {trainings.Count}{(trainings.Count == Listed ? " or more" : "")})</summary><fieldset class="columns"><legend class="hidden">Trainings, {Most} at most</legend>
            {trainings.Select(one => Html.Of($"""<label data-key="t{one.Job}"><input type="checkbox" name="job" value="{one.Job}"{Checked(histories.Any(history => history.Job == one.Job))}> {one.Name}</label>"""))}</fieldset></details>
            </form>
            {(curves.Count == 0 ? Html.Of($"""<p class="empty" data-key="empty">{(trainings.Count == 0 ? "No training has begun." : "No epoch of these has ended yet: the first points come with the first checkpoint.")}</p>""")
                : Html.Of($"""<div class="card" data-key="drawing">{CurveDrawing.Draw(curves, query.Log, query.Time ? "seconds of training" : "epoch", "loss")}</div><ul class="legend" data-key="legend">{histories.Select((history, i) => Legend(history, i))}</ul>"""))}
            {(silent.Count == 0 || curves.Count == 0 ? Html.None : Html.Of($"""<p class="quiet" data-key="silent">No epoch ended yet, or no statistics in the store: {string.Join(", ", silent)}</p>"""))}
            """));
    }

    private static IEnumerable<Curve> Curves(LossHistory history, int colour, CurvesQuery query)
    {
        var seconds = 0.0;
        var across = history.Epochs.Select(epoch => query.Time ? seconds += epoch.Seconds : epoch.Epoch).ToList();
        Curve Of(string what, bool dashed, Func<int, double> y) => new($"{history.Name}{what}", $"{history.Name}, {what}", colour, dashed,
            Downsampling.KeepExtremes(Smoothing.Exponential([.. across.Select((x, i) => new Point(x, y(i)))], query.Smooth), Points));
        if (history.Epochs.Count == 0) yield break;
        yield return Of("training", true, i => history.Epochs[i].Mean);
        if (history.Epochs.Any(epoch => epoch.ValidationMean is not null))
            yield return Of("validation", false, i => history.Epochs[i].ValidationMean ?? double.NaN);
    }

    private static Html Legend(LossHistory history, int colour)
    {
        var last = history.Epochs.Count == 0 ? null : history.Epochs[^1];
        return Html.Of(
            $"""
            <li data-key="l{history.Name}"><svg class="sample" viewBox="0 0 34 10" width="34" height="10" aria-hidden="true"><path class="curve c{colour % CurveDrawing.Colours}" d="M0 3H34"/><path class="curve c{colour % CurveDrawing.Colours} dashed" d="M0 8H34"/></svg>
            <a href="/jobs/{history.Job}">{history.Name}</a> <span class="quiet">{(last is null ? "" : $"epoch {last.Epoch}: {(last.ValidationMean is { } validation ? $"validation {Wording.Number(validation)}, " : "")}training (dashed) {Wording.Number(last.Mean)}")}{(history.Running ? ", running" : "")}</span></li>
            """);
    }

    private static Html Checked(bool given) => given ? Html.Of($" checked") : Html.None;
}
