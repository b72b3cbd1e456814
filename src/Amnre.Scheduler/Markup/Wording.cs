using System.Globalization;
using Amnre.Engine;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Views;

namespace Amnre.Scheduler.Markup;

/// <summary>How quantities are worded for people and for drawings.</summary>
internal static class Wording
{
    /// <summary>Two units at most: <c>3 d 4 h</c>, <c>5 min 2 s</c>.</summary>
    public static string Duration(TimeSpan time) => time switch
    {
        { TotalSeconds: < 1 } => "0 s",
        { TotalMinutes: < 1 } => $"{time.Seconds} s",
        { TotalHours: < 1 } => $"{time.Minutes} min {time.Seconds} s",
        { TotalDays: < 1 } => $"{time.Hours} h {time.Minutes} min",
        _ => $"{(int)time.TotalDays} d {time.Hours} h",
    };

    public static string Duration(double? seconds) => seconds is { } given && double.IsFinite(given) && given is >= 0 and < 1e9
        ? Duration(TimeSpan.FromSeconds(given)) : "";

    /// <summary>Four significant digits.</summary>
    public static string Number(double value) => value.ToString("G4", CultureInfo.InvariantCulture);

    /// <summary>A round value beside an axis, without the digits that rounding left.</summary>
    public static string Tick(double value) => value.ToString("G6", CultureInfo.InvariantCulture);

    /// <summary>Whole numbers grouped, for counts such as rows and steps.</summary>
    public static string Count(double value) =>
        value.ToString(value % 1 == 0 ? "#,0" : "#,0.##", CultureInfo.InvariantCulture).Replace(',', '\u202f');

    /// <summary>Whole percents.</summary>
    public static string Percent(double fraction) => $"{100 * fraction:0}\u202f%";

    /// <summary>A coordinate in a drawing.</summary>
    public static string Place(double value) => $"{value:0.#}";

    /// <summary>The value of <c>aria-current</c>; null for no such attribute.</summary>
    public static string? Current(bool current) => current ? "page" : null;

    public static string Instant(DateTime utc) => utc.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    public static string Word(ExperimentSummary experiment) => experiment switch
    {
        { State: ExperimentState.Running, CancelRequested: true } => "cancelling",
        { State: ExperimentState.Running, Paused: true } => "paused",
        _ => Word(experiment.State),
    };

    public static string Word<T>(T value) where T : struct, Enum => EnumName.Of(value);
}
