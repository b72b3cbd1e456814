using Amnre.Engine.Masks;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Histograms;

/// <summary>Masses of a marginal over a grid of the prior's box (<see cref="CellAxis"/>), whether all cells are kept or only those that
/// hold something.</summary>
internal interface IHistogram
{
    /// <summary>The parameters of the marginal.</summary>
    ParameterMask Mask { get; }

    /// <summary>Cells per dimension.</summary>
    int Bins { get; }

    /// <summary>Masses of cells; the cells not listed hold nothing.</summary>
    ReadOnlySpan<float> Masses { get; }

    /// <summary>The marginal of a non-empty subset of these parameters, small enough to keep all cells.</summary>
    Histogram Marginal(ParameterMask mask);

    /// <summary>Mass of the cell that holds <paramref name="theta"/>.</summary>
    /// <param name="simulator">Gives the bounds.</param>
    /// <param name="theta">All D parameters.</param>
    float MassAt(ISimulator simulator, ReadOnlySpan<float> theta);
}
