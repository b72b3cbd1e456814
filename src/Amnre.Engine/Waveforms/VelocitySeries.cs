namespace Amnre.Engine.Waveforms;

/// <summary>Sums of a few functions of the orbital velocity u = (π·M·f)^(1/3). Almost all that the model says of a frequency is such a sum,
/// and since powers and logarithms of M·f are those of M times, or plus, those of f, the spectra of many binaries are one product of
/// matrices: factors (binaries, functions) by a table (functions, bins).</summary>
/// <param name="factors">Of the functions, <see cref="Count"/> in number; added to.</param>
internal readonly ref struct VelocitySeries(Span<double> factors)
{
    /// <summary>Powers, then ln u and u·ln u.</summary>
    public const int Count = 20;

    private const int Constant = 6, First = 7, Log = 18, LogTimesFirst = 19;

    private static readonly double[] Powers = [-9, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 9.0 / 4];

    private readonly Span<double> _factors = factors;

    /// <summary>The functions with f^(1/3), f in Hz, for u: (<see cref="Count"/>, bins) from bin <see cref="FrequencyGrid.First"/> to
    /// before
    /// <see cref="FrequencyGrid.End"/>.</summary>
    public static double[] Table()
    {
        const int Bins = FrequencyGrid.End - FrequencyGrid.First;
        var table = new double[Count * Bins];
        for (var k = 0; k < Bins; k++)
        {
            var f = (FrequencyGrid.First + k) * FrequencyGrid.Spacing;
            for (var i = 0; i < Powers.Length; i++) table[i * Bins + k] = Math.Pow(f, Powers[i] / 3);
            table[Log * Bins + k] = Math.Log(f) / 3;
            table[LogTimesFirst * Bins + k] = Math.Cbrt(f) * Math.Log(f) / 3;
        }

        return table;
    }

    /// <summary>Adds factor·u^power, for the powers −9, −5 to 9, and 12.</summary>
    public void Add(int power, double factor) => _factors[Array.IndexOf(Powers, (double)power)] += factor;

    /// <summary>Adds factor·(M·f)^power, for the powers −3 to 4 but −2.</summary>
    public void AddFrequency(int power, double factor) => Add(3 * power, factor / Math.Pow(Math.PI, power));

    /// <summary>Adds factor·(M·f)^(3/4).</summary>
    public void AddThreeQuarters(double factor) => _factors[Powers.Length - 1] += factor / Math.Pow(Math.PI, 0.75);

    /// <summary>Adds factor·ln u.</summary>
    public void AddLog(double factor) => _factors[Log] += factor;

    /// <summary>Adds factor·u·ln u.</summary>
    public void AddLogTimesFirst(double factor) => _factors[LogTimesFirst] += factor;

    /// <summary>Makes them the factors of the functions of <see cref="Table"/>, times a weight.</summary>
    /// <param name="seconds">G·M/c³ of the total mass.</param>
    /// <param name="weight">Factor of the whole sum.</param>
    public void ToHertz(double seconds, double weight)
    {
        var scale = Math.Cbrt(Math.PI * seconds);
        var log = Math.Log(scale);
        _factors[LogTimesFirst] *= scale;
        _factors[Constant] += _factors[Log] * log;
        for (var i = 0; i < Powers.Length; i++)
        {
            if (_factors[i] != 0) _factors[i] *= Math.Pow(scale, Powers[i]);
        }

        _factors[First] += _factors[LogTimesFirst] * log;
        foreach (ref var factor in _factors) factor *= weight;
    }
}
