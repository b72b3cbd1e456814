using Amnre.Engine.Masks;
using Amnre.Engine.Posteriors;
using Amnre.Engine.Simulators;
using Amnre.Engine.Truth;

namespace Amnre.Engine.Tests.Evaluation;

/// <summary>The true posterior of SLCP as an estimator: constant on each cell of a grid.</summary>
internal sealed class TabulatedPosterior(ISimulator slcp, int bins) : IMarginalPosterior
{
    public bool Covers(ParameterMask mask) => mask.Count <= 2;

    public void LogDensity(ParameterMask mask, ReadOnlySpan<float> x, ReadOnlySpan<float> theta, Span<float> result)
    {
        var cells = theta.Length / mask.Count;
        var row = new float[5];
        for (var i = 0; i < x.Length / 8; i++)
        {
            var truth = SlcpTruth.Marginals(x.Slice(i * 8, 8), bins)[mask];
            for (var j = 0; j < cells; j++)
            {
                for (var k = 0; k < mask.Count; k++) row[mask.Indices()[k]] = theta[j * mask.Count + k];
                result[i * cells + j] = (float)(Math.Log(truth.Values[truth.CellOf(slcp, row)]) - mask.Count * Math.Log(6.0 / bins));
            }
        }
    }

    public void Dispose()
    {
    }
}
