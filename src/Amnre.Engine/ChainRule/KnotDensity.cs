namespace Amnre.Engine.ChainRule;

/// <summary>A density on [0, 1] known at knots and exponential between them, so that masses and quantiles are in closed form.
/// Knots are added where the mass may be.</summary>
/// <remarks>Between knots the logarithm of a smooth density differs from its chord by the square of their distance, so that few knots
/// do.</remarks>
internal struct KnotDensity
{
    /// <summary>Below the highest knot by more than this, a density counts as nothing, an infinite or missing one too.</summary>
    private const double Depth = 80;

    /// <summary>Weight of mass that is known, among that which is not: the density may be higher between knots.</summary>
    private const double Known = 0.2;

    private const double EndFall = 4;

    /// <summary>A peak that falls by more to both neighbours may be much higher between them.</summary>
    private const double Steep = 3;

    private readonly double[] _u, _log;

    /// <param name="capacity">Knots at the most.</param>
    public KnotDensity(int capacity) => (_u, _log) = (new double[capacity], new double[capacity]);

    /// <summary>A copy that can be changed by itself.</summary>
    public readonly KnotDensity Copy()
    {
        var copy = new KnotDensity(_u.Length) { Count = Count };
        _u.CopyTo(copy._u, 0);
        _log.CopyTo(copy._log, 0);
        return copy;
    }

    /// <summary>Knots so far.</summary>
    public int Count { get; private set; }

    public readonly ReadOnlySpan<double> Knots => _u.AsSpan(0, Count);

    /// <summary>Logarithms of the heights at the knots, the highest at 0.</summary>
    public readonly double[] Heights()
    {
        var (peak, heights) = (Peak(), new double[Count]);
        for (var i = 0; i < heights.Length; i++) heights[i] = Height(i, peak);
        return heights;
    }

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
    /// were as high as their higher end throughout, more so where that is far from the mass that they have, evenly within each. A narrow
    /// peak lies next to the highest knot, on either side; a tail lies between the last knot that is high and the prior's end.</summary>
    public readonly void Refine(Span<double> more)
    {
        var peak = Peak();
        Span<double> bound = stackalloc double[Count - 1];
        var sum = 0.0;
        for (var i = 0; i < bound.Length; i++)
        {
            var highest = (_u[i + 1] - _u[i]) * Math.Exp(Math.Max(Height(i, peak), Height(i + 1, peak)));
            sum += bound[i] = highest - Mass(i, peak) + Known * highest;
        }

        // Systematic: each interval gets its share of the knots, rounded by what was left over so far.
        var (filled, reached) = (0, 0.0);
        for (var i = 0; i < bound.Length && filled < more.Length; i++)
        {
            reached += bound[i] / sum * more.Length;
            var share = i == bound.Length - 1 ? more.Length - filled : Math.Min((int)Math.Round(reached), more.Length) - filled;
            for (var k = 1; k <= share; k++) more[filled++] = _u[i] + (_u[i + 1] - _u[i]) * k / (share + 1);
        }
    }

    /// <summary>Whether the peak lies among knots that show its shape: not at the outermost one, and with a neighbour that is not far
    /// lower.</summary>
    public readonly bool IsResolved()
    {
        var (top, peak) = (0, Peak());
        while (top < Count - 1 && _log[top] != peak) top++;
        return top > 0 && top < Count - 1 && Math.Max(_log[top - 1], _log[top + 1]) > peak - Steep;
    }

    /// <summary>Adds the ends, where the density was not evaluated, with a fall as far as <see cref="SoftenEnds"/> allows.</summary>
    public void AddEnds()
    {
        var (first, last) = ((float)(_log[0] - EndFall), (float)(_log[Count - 1] - EndFall));
        Add([0, 1], [first, last]);
    }

    /// <summary>Keeps the density from falling far between the last knot on either side and the end: a tail that is thinner than the truth
    /// is drawn from seldom, with weights that outweigh all others; a thicker one costs next to nothing.</summary>
    public readonly void SoftenEnds()
    {
        _log[0] = Math.Max(_log[0], _log[1] - EndFall);
        _log[Count - 1] = Math.Max(_log[Count - 1], _log[Count - 2] - EndFall);
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

    private readonly double Mass(int cell, double peak) => Mass(Height(cell, peak), Height(cell + 1, peak), _u[cell + 1] - _u[cell]);

    /// <summary>Of a cell of the given width between two heights.</summary>
    internal static double Mass(double from, double to, double width) =>
        width * (Math.Abs(to - from) < 1e-9 ? Math.Exp(from) : (Math.Exp(to) - Math.Exp(from)) / (to - from));
}
