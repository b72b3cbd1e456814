using Amnre.Engine.Histograms;
using Amnre.Engine.Masks;
using Amnre.Engine.Posteriors;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Sampling;

/// <summary>Histograms of samples of one posterior: of all its parameters, or of some of them.</summary>
internal sealed class SampledMarginals(
    ISimulator simulator, PosteriorSampler sampler, ParameterMask sampled, IReadOnlyList<ParameterMask> masks, int bins, double maxCells)
{
    /// <param name="posterior">Must cover the parameters that are sampled.</param>
    /// <param name="x">One observation, flattened.</param>
    /// <param name="observation">Its index, which names its random numbers.</param>
    /// <param name="stop">Checked at each step.</param>
    /// <param name="progress">Is told how far chains are; null for nobody.</param>
    /// <returns>One histogram for each mask, in their order: with all cells where they are few enough.</returns>
    public (IReadOnlyList<IHistogram> Histograms, SamplingReport Report) Evaluate(
        IMarginalPosterior posterior, ReadOnlySpan<float> x, int observation, CancellationToken stop,
        IProgress<RunProgress>? progress = null)
    {
        var counters = masks.Select(mask => Histogram.CellCount(mask, bins) <= maxCells
            ? (ICounter)new Dense(simulator, sampled, mask, bins)
            : new Sparse(simulator, sampled, mask, bins)).ToList();
        var report = sampler.Draw(posterior, sampled, x, observation, Count, stop, progress);
        return ([.. counters.Select(counter => counter.Normalised())], report);

        void Count(ReadOnlySpan<float> theta)
        {
            foreach (var counter in counters) counter.Add(theta);
        }
    }

    private interface ICounter
    {
        void Add(ReadOnlySpan<float> theta);

        IHistogram Normalised();
    }

    /// <summary>The places of a mask's parameters among those sampled, with their cells.</summary>
    private static (int Place, CellAxis Axis)[] Places(ISimulator simulator, ParameterMask sampled, ParameterMask mask) =>
        [.. sampled.Indices().Select((parameter, place) => (parameter, place)).Where(pair => mask[pair.parameter])
            .Select(pair => (pair.place, CellAxis.Of(simulator, pair.parameter)))];

    private sealed class Dense(ISimulator simulator, ParameterMask sampled, ParameterMask mask, int bins) : ICounter
    {
        private readonly (int Place, CellAxis Axis)[] _places = Places(simulator, sampled, mask);
        private readonly long[] _counts = new long[Histogram.CellCount(mask, bins)];
        private long _total;

        public void Add(ReadOnlySpan<float> theta)
        {
            var size = sampled.Count;
            for (var row = 0; row < theta.Length; row += size)
            {
                var cell = 0;
                foreach (var (place, axis) in _places) cell = cell * bins + axis.CellOf(theta[row + place], bins);
                _counts[cell]++;
            }

            _total += theta.Length / size;
        }

        public IHistogram Normalised() =>
            new Histogram(mask, bins, Array.ConvertAll(_counts, count => _total == 0 ? 0 : (float)((double)count / _total)));
    }

    private sealed class Sparse(ISimulator simulator, ParameterMask sampled, ParameterMask mask, int bins) : ICounter
    {
        private readonly (int Place, CellAxis Axis)[] _places = Places(simulator, sampled, mask);
        private readonly CellCounts _counts = CellCounts.Of(simulator, mask, bins);
        private float[] _part = [];

        public void Add(ReadOnlySpan<float> theta)
        {
            if (mask == sampled)
            {
                _counts.Add(theta);
                return;
            }

            var rows = theta.Length / sampled.Count;
            Array.Resize(ref _part, rows * _places.Length);
            for (var row = 0; row < rows; row++)
                for (var k = 0; k < _places.Length; k++) _part[row * _places.Length + k] = theta[row * sampled.Count + _places[k].Place];
            _counts.Add(_part);
        }

        public IHistogram Normalised() => _counts.Normalised();
    }
}
