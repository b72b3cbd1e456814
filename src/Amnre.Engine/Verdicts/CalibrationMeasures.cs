using Amnre.Engine.Masks;

namespace Amnre.Engine.Verdicts;

/// <summary>What was measured of a model on rows whose true parameters are known.</summary>
internal sealed class CalibrationMeasures
{
    /// <summary>Rows asked for.</summary>
    public required int Rows { get; init; }

    /// <summary>Names of the parameters.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>For each mask the credibility of the smallest region that holds the truth, a number for each row.</summary>
    public Dictionary<ParameterMask, List<double>> Credibilities { get; } = [];

    /// <summary>For each parameter the part of draws, or of its marginal, below the truth; keyed by what they are of.</summary>
    public Dictionary<(int Parameter, bool Joint), List<double>> Ranks { get; } = [];

    /// <summary>The part of draws nearer to a reference point than the truth, by what the point is.</summary>
    public Dictionary<string, List<double>> Nearer { get; } = [];

    /// <summary>For each pair of parameters the part of draws whose deviations from a regression have a smaller product than the
    /// truth's.</summary>
    public Dictionary<string, List<double>> Together { get; } = [];

    /// <summary>log p(θ | x) / p(θ) of the truth.</summary>
    public Dictionary<ParameterMask, List<double>> LogRatios { get; } = [];

    /// <summary>ln of the total probability.</summary>
    public Dictionary<ParameterMask, List<double>> LogTotals { get; } = [];

    /// <summary>How draws of all parameters lie within the marginal of fewer: the shift of their mean rank, of their spread, and the
    /// variance of both by chance.</summary>
    public Dictionary<ParameterMask, List<(double Mean, double Spread, double Variance)>> Shifts { get; } = [];

    /// <summary>Densities asked for, and those that are no numbers.</summary>
    public (long All, long Wrong) Densities { get; set; }

    /// <summary>Rows of which no draws could be made, and those drawn by chains because marginals and joint disagree.</summary>
    public int Undrawn { get; set; }

    /// <inheritdoc cref="Undrawn"/>
    public int Disagreeing { get; set; }

    public static void Add<TKey, TValue>(Dictionary<TKey, List<TValue>> table, TKey key, TValue value) where TKey : notnull
    {
        if (!table.TryGetValue(key, out var list)) table[key] = list = [];
        list.Add(value);
    }
}
