namespace Amnre.Scheduler.Charts;

/// <summary>Maps values onto [0, 1], and says where to put marks. Pure.</summary>
internal sealed class Axis
{
    private readonly double _low, _high;

    private Axis(double low, double high, bool log) => (_low, _high, Log, Ticks) = (low, high, log, TicksOf(low, high, log));

    /// <summary>Whether it is logarithmic; not where asked for and impossible.</summary>
    public bool Log { get; }

    /// <summary>Round values within the axis.</summary>
    public IReadOnlyList<double> Ticks { get; }

    /// <param name="values">What it must hold; those that are not finite are left out.</param>
    /// <param name="log">Wanted logarithmic; values that are not positive are then left out, and where none is left it is linear.</param>
    public static Axis Of(IEnumerable<double> values, bool log = false)
    {
        var finite = values.Where(double.IsFinite).ToList();
        if (log && finite.Exists(value => value > 0))
        {
            var positive = finite.Where(value => value > 0).ToList();
            var (least, most) = (Math.Log10(positive.Min()), Math.Log10(positive.Max()));
            return most - least < 1e-9 ? new Axis(least - 0.5, most + 0.5, true) : new Axis(least, most, true);
        }

        if (finite.Count == 0) return new Axis(0, 1, false);
        var (low, high) = (finite.Min(), finite.Max());
        if (high - low > 1e-12 * Math.Max(Math.Abs(low), Math.Abs(high))) return new Axis(low, high, false);
        var half = low == 0 ? 0.5 : Math.Abs(low) / 2;
        return new Axis(low - half, high + half, false);
    }

    /// <summary>0 at the low end, 1 at the high end; NaN for what has no place.</summary>
    public double At(double value) => Log
        ? value > 0 ? (Math.Log10(value) - _low) / (_high - _low) : double.NaN
        : (value - _low) / (_high - _low);

    /// <summary>Where a logarithmic axis holds too few round values, those of a linear one.</summary>
    private static List<double> TicksOf(double low, double high, bool log) =>
        !log ? LinearTicks(low, high) : LogTicks(low, high) is { Count: > 2 } ticks
        ? ticks
        : LinearTicks(Math.Pow(10, low), Math.Pow(10, high));

    private static List<double> LinearTicks(double low, double high)
    {
        var step = NiceStep((high - low) / 5);
        var ticks = new List<double>();
        for (var i = (long)Math.Ceiling(low / step); i * step <= high && ticks.Count < 20; i++) ticks.Add(i * step);
        return ticks;
    }

    private static List<double> LogTicks(double low, double high)
    {
        double[] within = high - low > 3 ? [1] : high - low > 1 ? [1, 2, 5] : [1, 1.5, 2, 3, 4, 5, 6, 8];
        var every = Math.Max(1, (int)((high - low) / 6));
        return [.. Enumerable.Range((int)Math.Floor(low), (int)Math.Floor(high) - (int)Math.Floor(low) + 1)
            .Where(power => power % every == 0)
            .SelectMany(power => within.Select(factor => factor * Math.Pow(10, power)))
            .Where(tick => Math.Log10(tick) >= low - 1e-9 && Math.Log10(tick) <= high + 1e-9)];
    }

    /// <summary>1, 2 or 5 times a power of ten, not below <paramref name="raw"/>.</summary>
    private static double NiceStep(double raw)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        return power * (raw / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 };
    }
}
