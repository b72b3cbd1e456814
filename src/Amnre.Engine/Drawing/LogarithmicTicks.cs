using System.Globalization;

namespace Amnre.Engine.Drawing;

/// <summary>Ticks of axes of decimal logarithms.</summary>
internal static class LogarithmicTicks
{
    private const int Most = 5;

    /// <summary>Part of the axis at each end without a tick: its text would meet that of the next panel.</summary>
    private const double Room = 0.04;

    /// <summary>Two to five: powers of ten; where there are fewer than two, 1, 2 and 5 times them; where these are fewer than two as well,
    /// round numbers.</summary>
    /// <param name="low">Lower bound, above 0; not its logarithm.</param>
    /// <param name="high">Upper bound.</param>
    public static ScottPlot.TickGenerators.NumericManual Between(double low, double high)
    {
        var ticks = Of(low, high);
        return new ScottPlot.TickGenerators.NumericManual([.. ticks.Select(tick => tick.Place)], [.. ticks.Select(tick => tick.Text)]);
    }

    /// <returns>The decimal logarithm of each, and its text.</returns>
    /// <inheritdoc cref="Between"/>
    public static IReadOnlyList<(double Place, string Text)> Of(double low, double high)
    {
        var (from, to) = (Math.Log10(low), Math.Log10(high));
        var room = Room * (to - from);
        bool Shown(double place) => place > from + room && place < to - room;
        int[] powers = [.. Enumerable.Range((int)Math.Floor(from), (int)Math.Ceiling(to) - (int)Math.Floor(from) + 1)];
        int[] shown = [.. powers.Where(power => Shown(power))];
        var step = (shown.Length + Most - 1) / Most;
        if (shown.Length > 1) return [.. shown.Where(power => power % step == 0).Select(power => ((double)power, Power(power)))];

        double[] values = [.. powers.Select(power => Math.Pow(10, power)).SelectMany(power => (double[])[power, 2 * power, 5 * power])
            .Where(value => Shown(Math.Log10(value)))];
        if (values.Length < 2) values = FigureStyle.RoundNumbers(low, high);
        return [.. values.Select(value => (Math.Log10(value), value.ToString("G4", CultureInfo.InvariantCulture).Replace('-', '−')))];
    }

    /// <summary>10⁻³.</summary>
    private static string Power(int power) => "10" + string.Concat(
        power.ToString(CultureInfo.InvariantCulture).Select(letter => letter == '-' ? '⁻' : "⁰¹²³⁴⁵⁶⁷⁸⁹"[letter - '0']));
}
