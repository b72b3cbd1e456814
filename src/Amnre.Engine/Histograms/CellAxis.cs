using Amnre.Engine.Masks;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Histograms;

/// <summary>The cells of one parameter: of equal width, or of equal width of the logarithm where its prior is uniform in that.</summary>
internal readonly record struct CellAxis(float Low, float High, bool IsLogarithmic)
{
    public static CellAxis Of(ISimulator simulator, int parameter) =>
        new(simulator.Low[parameter], simulator.High[parameter], simulator.IsLogarithmic(parameter));

    /// <summary>Those parameters of a mask that have logarithmic cells.</summary>
    public static ParameterMask Logarithmic(ISimulator simulator, ParameterMask mask) =>
        new(mask.Indices().Where(simulator.IsLogarithmic).Aggregate(0u, (bits, parameter) => bits | 1u << parameter), mask.Size);

    /// <summary>Width of a cell, or of its logarithm.</summary>
    public double Step(int bins) =>
        IsLogarithmic ? Math.Log((double)High / Low) / bins : ((double)High - Low) / bins;

    /// <summary>The middle of a cell, or of its logarithm.</summary>
    public float Centre(int cell, int bins)
    {
        var step = Step(bins);
        return IsLogarithmic ? (float)(Low * Math.Exp((cell + 0.5) * step)) : (float)(Low + (cell + 0.5) * step);
    }

    /// <summary>The cell that holds <paramref name="value"/>; values at or beyond a bound belong to the last cell there.</summary>
    public int CellOf(float value, int bins)
    {
        var place = IsLogarithmic
            ? Math.Log((double)Math.Max(value, Low) / Low) * bins / Math.Log((double)High / Low)
            : (value - (double)Low) * bins / ((double)High - Low);
        return Math.Clamp((int)place, 0, bins - 1);
    }
}
