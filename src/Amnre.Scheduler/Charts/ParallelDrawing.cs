using Amnre.Scheduler.Markup;

namespace Amnre.Scheduler.Charts;

/// <summary>An upright axis of parallel coordinates: the values of all runs, of which some are numbers and others words.</summary>
/// <param name="Values">One per run: a number, a text, or null.</param>
internal sealed record ParallelAxis(string Title, IReadOnlyList<object?> Values);

/// <summary>Runs as lines across upright axes of settings and metrics, as SVG; coloured by the last axis from low to high.</summary>
internal static class ParallelDrawing
{
    private const double Width = 1100, Height = 440, Left = 60, Right = 90, Top = 44, Bottom = 22;
    private const int Shades = 5, MostByKey = 50;

    /// <param name="axes">Two or more, of equal length.</param>
    /// <param name="titles">Of the runs.</param>
    /// <param name="links">Where a run's line leads.</param>
    public static Html Draw(IReadOnlyList<ParallelAxis> axes, IReadOnlyList<string> titles, IReadOnlyList<string> links)
    {
        var scales = axes.Select(Scale.Of).ToList();
        double X(int axis) => Left + (axis * (Width - Left - Right) / (axes.Count - 1));
        static double Y(double at) => Height - Bottom - (at * (Height - Top - Bottom));
        // The table of the same runs is the way by keyboard through more than these.
        var byKey = titles.Count <= MostByKey ? Html.None : Html.Of($""" tabindex="-1" """);
        Html Line(int run)
        {
            var parts = Enumerable.Range(0, axes.Count).Select(axis => (X: X(axis), Y: Y(scales[axis].At(axes[axis].Values[run]))))
                .Where(point => double.IsFinite(point.Y)).ToList();
            if (parts.Count < 2) return Html.None;
            var last = scales[^1].At(axes[^1].Values[run]);
            var shade = double.IsFinite(last) ? $"shade{Math.Min((int)(last * Shades), Shades - 1)}" : "shadeless";
            var words = $"{titles[run]}: {string.Join(", ", axes.Select(axis => $"{axis.Title} {Words(axis.Values[run])}"))}";
            return Html.Of(
                $"""<a href="{links[run]}" data-key="r{run}" aria-label="{words}"{byKey}><title>{words}</title><polyline class="run {shade}" points="{string.Join(' ', parts.Select(point => FormattableString.Invariant($"{point.X:0.#},{point.Y:0.#}")))}"/></a>""");
        }

        return Html.Of(
            $"""
            <svg class="chart parallel" viewBox="0 0 {Width} {Height}" role="group" aria-label="{titles.Count} runs across {string.Join(", ", axes.Select(axis => axis.Title))}" data-key="parallel">
            {Enumerable.Range(0, titles.Count).Select(Line)}
            {axes.Select((axis, i) => Html.Of(
                $"""
                <g data-key="a{axis.Title}"><line class="upright" x1="{X(i):0.#}" x2="{X(i):0.#}" y1="{Top}" y2="{Height - Bottom}"/>
                <text class="axis" x="{X(i):0.#}" y="{(i % 2 == 0 ? 14 : 30)}" text-anchor="middle">{axis.Title}</text>
                {scales[i].Ticks.Select(tick => Html.Of($"""<text class="tick" x="{X(i) + 6:0.#}" y="{Y(tick.At) + 4:0.#}">{tick.Text}</text>"""))}</g>
                """))}
            </svg>
            """);
    }

    private static string Words(object? value) =>
        value switch { null => "–", double number => Wording.Number(number), bool flag => flag ? "true" : "false", _ => value.ToString()! };

    /// <summary>Numbers on a scale, logarithmic where they are positive and far apart; words at equal distances.</summary>
    private sealed record Scale(Axis? Numbers, IReadOnlyList<string> Texts)
    {
        private const int MostTexts = 12;

        public static Scale Of(ParallelAxis axis)
        {
            if (!axis.Values.All(value => value is null or double))
                return new Scale(null,
                    [.. axis.Values.Where(value => value is not null).Select(Words).Distinct().Order(StringComparer.Ordinal)]);
            var numbers = axis.Values.OfType<double>().Where(double.IsFinite).ToList();
            return new Scale(Axis.Of(numbers, log: numbers.Count > 0 && numbers.Min() > 0 && numbers.Max() / numbers.Min() >= 20), []);
        }

        public IEnumerable<(double At, string Text)> Ticks => Numbers is not null
            ? Numbers.Ticks.Select(tick => (Numbers.At(tick), Wording.Tick(tick)))
            : Texts.Count > MostTexts ? [] : Texts.Select(text => (At(text), text));

        public double At(object? value) => value switch
        {
            null => double.NaN,
            double number when Numbers is not null => Numbers.At(number),
            _ => Texts.Count < 2 ? 0.5 : (double)Texts.ToList().IndexOf(Words(value)) / (Texts.Count - 1),
        };
    }
}
