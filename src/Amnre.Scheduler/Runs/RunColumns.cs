using System.Globalization;
using Amnre.Engine;

namespace Amnre.Scheduler.Runs;

/// <summary>Columns of the table of runs: those that every run has, and the values of the others.</summary>
internal static class RunColumns
{
    public const string Name = "name", State = "state", Progress = "progress", Seconds = "seconds";

    public static IReadOnlyList<string> Always { get; } = [Name, State, Progress, Seconds];

    /// <summary>Null where the run has none.</summary>
    public static object? Value(Run run, string column) => column switch
    {
        Name => run.Name,
        State => EnumName.Of(run.State),
        Progress => run.Fraction,
        Seconds => run.Seconds,
        _ => run.Values.GetValueOrDefault(column),
    };

    /// <summary>So that reading it back gives the same value.</summary>
    public static string Text(object? value) => value switch
    {
        null => "",
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        bool flag => flag ? "true" : "false",
        _ => value.ToString() ?? "",
    };

    /// <summary>Numbers before texts, what is missing or no number last; in each, ascending.</summary>
    public static int Compare(object? a, object? b)
    {
        var order = Rank(a).CompareTo(Rank(b));
        return order != 0 ? order : (a, b) switch
        {
            (double x, double y) => x.CompareTo(y),
            (null, _) or (_, null) => 0,
            _ => StringComparer.Ordinal.Compare(Text(a), Text(b)),
        };
    }

    public static bool IsMissing(object? value) => Rank(value) == 2;

    private static int Rank(object? value) => value switch { double number when double.IsNaN(number) => 2, double => 0, null => 2, _ => 1 };
}
