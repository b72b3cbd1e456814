namespace Amnre.Engine.ChainRule;

/// <summary>A density on [0, 1] known at knots and exponential between them, so that masses and quantiles are in closed form.
/// Knots are added where the mass may be.</summary>
/// <remarks>Between knots the logarithm of a smooth density differs from its chord by the square of their distance, so that few knots
/// do.</remarks>
internal struct KnotDensity
{
    /// <summary>Below the highest knot by more than this, a density counts as nothing, an infinite or missing one too.</summary>
    private const double Depth = 80;

    private readonly double[] _u, _log;

    /// <param name="capacity">Knots at the most.</param>
    public KnotDensity(int capacity) => (_u, _log) = (new double[capacity], new double[capacity]);

    /// <summary>Knots so far.</summary>
    public int Count { get; private set; }

    /// <summary>Takes knots, which may be known already, with the logarithms of their densities up to a constant.</summary>
    public void Add(ReadOnlySpan<double> knots, ReadOnlySpan<float> logs)
    {
        for (var i = 0; i < knots.Length; i++)
        {
            var place = Count;
            while (place > 0 && _u[place - 1] > knots[i]) place--;
            if (place > 0 && _u[place - 1] == knots[i]) continue;
            for (var k = Count; k > place; k--) (_u[k], _log[k]) = (_u[k - 1], _log[k - 1]);
            (_u[place], _log[place]) = (knots[i], logs[i]);
            Count++;
        }
    }

    /// <summary>Where <paramref name="more"/> further knots say most: spread over the intervals by the mass that they would hold if they
    /// were as high as their higher end throughout, evenly within each. A narrow peak lies next to the highest knot, on either
    /// side.</summary>
    public readonly void Refine(Span<double> more)
    {
        var peak = Peak();
        Span<double> bound = stackalloc double[Count - 1];
        var sum = 0.0;
        for (var i = 0; i < bound.Length; i++)
            sum += bound[i] = (_u[i + 1] - _u[i]) * Math.Exp(Math.Max(Height(i, peak), Height(i + 1, peak)));

        // Systematic: each interval gets its share of the knots, rounded by what was left over so far.
        var (filled, reached) = (0, 0.0);
        for (var i = 0; i < bound.Length && filled < more.Length; i++)
        {
            reached += bound[i] / sum * more.Length;
            var share = i == bound.Length - 1 ? more.Length - filled : Math.Min((int)Math.Round(reached), more.Length) - filled;
            for (var k = 1; k <= share; k++) more[filled++] = _u[i] + (_u[i + 1] - _u[i]) * k / (share + 1);
        }
    }

    /// <summary>The value below which a fraction <paramref name="p"/> of the mass lies, and the logarithm of the normalised density
    /// there.</summary>
    public readonly (double U, double Log) Quantile(double p)
    {
        var peak = Peak();
        Span<double> masses = stackalloc double[Count - 1];
        var sum = 0.0;
        for (var i = 0; i < masses.Length; i++) sum += masses[i] = Mass(i, peak);
        var rest = p * sum;
        var cell = 0;
        while (cell < masses.Length - 1 && rest >= masses[cell]) rest -= masses[cell++];
        var (low, width) = (_u[cell], _u[cell + 1] - _u[cell]);
        var (from, to) = (Height(cell, peak), Height(cell + 1, peak));
        var part = Math.Clamp(rest / masses[cell], 0, 1);
        // Of e^(from + (to − from) t) on [0, 1]: t = ln(1 + part (e^(to−from) − 1)) / (to − from), written so that it neither overflows nor
        // cancels.
        var rise = to - from;
        var t = Math.Abs(rise) < 1e-9 ? part
            : rise > 0 ? 1 + Math.Log(part + (1 - part) * Math.Exp(-rise)) / rise
            : Math.Log(1 - part + part * Math.Exp(rise)) / rise;
        t = Math.Clamp(t, 0, 1);
        return (low + width * t, from + rise * t - Math.Log(sum));
    }

    /// <summary>The mass before normalising.</summary>
    public readonly double Total()
    {
        var (peak, sum) = (Peak(), 0.0);
        for (var i = 0; i < Count - 1; i++) sum += Mass(i, peak);
        return sum * Math.Exp(peak);
    }

    private readonly double Peak()
    {
        var peak = double.NegativeInfinity;
        for (var i = 0; i < Count; i++)
            if (_log[i] > peak && double.IsFinite(_log[i])) peak = _log[i];
        return peak;
    }

    /// <summary>Of a knot, with the highest at 0.</summary>
    private readonly double Height(int knot, double peak) => _log[knot] - peak is var height && height > -Depth ? height : -Depth;

    private readonly double Mass(int cell, double peak)
    {
        var (from, to, width) = (Height(cell, peak), Height(cell + 1, peak), _u[cell + 1] - _u[cell]);
        var rise = to - from;
        return width * (Math.Abs(rise) < 1e-9 ? Math.Exp(from) : (Math.Exp(to) - Math.Exp(from)) / rise);
    }
}
