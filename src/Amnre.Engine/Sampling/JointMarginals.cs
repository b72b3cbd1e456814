using Amnre.Engine.Estimators;
using Amnre.Engine.Evaluation;
using Amnre.Engine.Masks;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Sampling;

/// <summary>Marginal histograms of an estimator that knows only the joint posterior: its chains' states, counted.</summary>
internal sealed class JointMarginals(ISimulator simulator, IReadOnlyList<ParameterMask> masks, int bins, ChainSettings settings)
{
    /// <param name="posterior">Must cover all parameters together.</param>
    /// <param name="x">One observation, flattened.</param>
    /// <param name="observation">Its index, which names its random numbers.</param>
    /// <param name="stop">Checked at each step.</param>
    /// <returns>One histogram for each mask, in their order.</returns>
    public IReadOnlyList<Histogram> Evaluate(IMarginalPosterior posterior, ReadOnlySpan<float> x, int observation, CancellationToken stop)
    {
        var histograms = masks.Select(mask => new Histogram(mask, bins, new float[Histogram.CellCount(mask, bins)])).ToList();
        var counts = histograms.ConvertAll(histogram => new long[histogram.Values.Length]);
        var states = 0L;
        JointSampler.Draw(simulator, posterior, x, settings, (ulong)observation, Count, stop);
        for (var k = 0; k < histograms.Count; k++)
            for (var cell = 0; cell < counts[k].Length; cell++)
                histograms[k].Values[cell] = (float)((double)counts[k][cell] / states);
        return histograms;

        void Count(ReadOnlySpan<float> theta)
        {
            var size = simulator.ThetaSize;
            for (var row = 0; row < theta.Length; row += size)
                for (var k = 0; k < histograms.Count; k++)
                    counts[k][histograms[k].CellOf(simulator, theta.Slice(row, size))]++;
            states += theta.Length / size;
        }
    }
}
