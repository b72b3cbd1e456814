using Amnre.Scheduler.Markup;

namespace Amnre.Scheduler.Charts;

/// <summary>Maps an axis's values onto [0, 1]: numbers on a scale, logarithmic where they are positive and far apart; words at equal
/// distances. Pure.</summary>
internal sealed record ParallelScale(Axis? Numbers, IReadOnlyList<string> Texts)
{
    private const int MaxTexts = 12;

    /// <summary>Logarithmic from this ratio of the greatest to the least on.</summary>
    private const double FarApart = 20;

    public IEnumerable<(double At, string Text)> Ticks => Numbers is not null
        ? Numbers.Ticks.Select(tick => (Numbers.At(tick), Wording.Tick(tick)))
        : Texts.Count > MaxTexts ? [] : Texts.Select(text => (At(text), text));

    public static ParallelScale Of(ParallelAxis axis)
    {
        if (!axis.Values.All(value => value is null or double))
            return new ParallelScale(null,
                [.. axis.Values.Where(value => value is not null).Select(Words).Distinct().Order(StringComparer.Ordinal)]);
        var numbers = axis.Values.OfType<double>().Where(double.IsFinite).ToList();
        var log = numbers.Count > 0 && numbers.Min() > 0 && numbers.Max() / numbers.Min() >= FarApart;
        return new ParallelScale(Axis.Of(numbers, log), []);
    }

    public static string Words(object? value) =>
        value switch { null => "–", double number => Wording.Number(number), bool flag => flag ? "true" : "false", _ => value.ToString()! };

    /// <summary>NaN for what has no place.</summary>
    public double At(object? value) => value switch
    {
        null => double.NaN,
        double number when Numbers is not null => Numbers.At(number),
        _ => Texts.Count < 2 ? 0.5 : (double)Texts.ToList().IndexOf(Words(value)) / (Texts.Count - 1),
    };
}
