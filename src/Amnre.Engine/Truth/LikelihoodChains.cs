using System.Runtime.Intrinsics;
using Amnre.Engine.Distributions;
using Amnre.Engine.Histograms;
using Amnre.Engine.Masks;
using Amnre.Engine.Randomness;
using Amnre.Engine.Sampling;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Truth;

/// <summary>Metropolis–Hastings chains on the true posterior, eight side by side in vector lanes, started from prior draws that were
/// resampled by their likelihood. Random walks whose deviation is in turn 4, 1, 1/4 and 1/16 times that of the settings: posteriors
/// may be a hundred times narrower than the prior in one parameter and fill it in another.</summary>
/// <typeparam name="TLikelihood">The likelihood; the prior is uniform over the simulator's box.</typeparam>
internal sealed class LikelihoodChains<TLikelihood>(ISimulator simulator, ChainSettings settings, int bins)
    where TLikelihood : ILaneLikelihood
{
    private const int Lanes = RowWords.Lanes;

    private static readonly float[] Scales = [4, 1, 1f / 4, 1f / 16];

    private readonly float[] _low = [.. simulator.Low];
    private readonly float[] _width = [.. simulator.High.Zip(simulator.Low, (high, low) => high - low)];

    /// <summary>The joint posterior as counted; the same for any number of threads.</summary>
    /// <param name="x">One observation, flattened.</param>
    /// <param name="observation">Its index, which names its random numbers.</param>
    /// <param name="threads">At most so many at once.</param>
    /// <param name="stop">Checked often.</param>
    public SparseHistogram Draw(float[] x, int observation, int threads, CancellationToken stop)
    {
        if (Math.Pow(bins, TLikelihood.ParameterCount) > ulong.MaxValue)
            throw new InputException($"{bins} bins make too many cells to number: use fewer");
        var starts = Starts(x, observation);
        var parts = Math.Max(1, Math.Min(threads, settings.Chains / Lanes));
        var counts = new SortedCounts<ulong>[parts];
        Parallel.For(0, parts, new ParallelOptions { MaxDegreeOfParallelism = parts, CancellationToken = stop }, part =>
        {
            counts[part] = new SortedCounts<ulong>();
            for (var chain = part * Lanes; chain < settings.Chains; chain += parts * Lanes)
            {
                stop.ThrowIfCancellationRequested();
                Walk(x, starts, observation, chain, counts[part]);
            }
        });
        foreach (var other in counts.Skip(1)) counts[0].Add(other);
        return CellCounts.Normalised(counts[0], ParameterMask.Full(TLikelihood.ParameterCount), bins);
    }

    private float[] Starts(float[] x, int observation)
    {
        var size = TLikelihood.ParameterCount;
        var draws = new float[settings.Proposals * size];
        new BoxDraws(simulator, ParameterMask.Full(size), settings.Seed).Fill(0, draws);
        var weights = new float[settings.Proposals];
        Span<Vector256<float>> theta = stackalloc Vector256<float>[size];
        Span<float> lanes = stackalloc float[Lanes];
        for (var first = 0; first < weights.Length; first += Lanes)
        {
            for (var d = 0; d < size; d++)
            {
                for (var lane = 0; lane < Lanes; lane++) lanes[lane] = draws[Math.Min(first + lane, weights.Length - 1) * size + d];
                theta[d] = Vector256.Create<float>(lanes);
            }

            TLikelihood.LogLikelihood(theta, x).CopyTo(lanes);
            lanes[..Math.Min(Lanes, weights.Length - first)].CopyTo(weights.AsSpan(first));
        }

        var (sum, _) = SystematicResampling.Exponentiate(weights);
        ChainStart.CheckPositive(sum);
        var offset = new CounterRandom(settings.Seed, RandomPurpose.Resampling, (ulong)observation).NextDouble();
        return [.. SystematicResampling.Indices(weights, sum, settings.Chains, offset)
            .SelectMany(i => draws.AsSpan(i * size, size).ToArray())];
    }

    /// <summary>Eight chains from the first step to the last; a last group of fewer counts only those that there are.</summary>
    private void Walk(float[] x, float[] starts, int observation, int chain, SortedCounts<ulong> counts)
    {
        var size = TLikelihood.ParameterCount;
        Span<Vector256<float>> theta = stackalloc Vector256<float>[size];
        Span<Vector256<float>> proposed = stackalloc Vector256<float>[size];
        Span<Vector256<float>> normals = stackalloc Vector256<float>[size + 1];
        Span<ulong> cells = stackalloc ulong[Lanes];
        Span<int> places = stackalloc int[Lanes];
        Span<float> lanes = stackalloc float[Lanes];
        var used = Math.Min(Lanes, settings.Chains - chain);
        for (var d = 0; d < size; d++)
        {
            for (var lane = 0; lane < Lanes; lane++) lanes[lane] = starts[(chain + Math.Min(lane, used - 1)) * size + d];
            theta[d] = Vector256.Create<float>(lanes);
        }

        var words = new RowWords(settings.Seed, ((long)observation << 32) + chain, RandomPurpose.Chains);
        var density = TLikelihood.LogLikelihood(theta, x);
        for (var step = 0; step < settings.Steps; step++)
        {
            for (var d = 0; d < size; d += 2) NormalPair.From(words.Next(), words.Next(), out normals[d], out normals[d + 1]);
            var inside = Vector256<float>.AllBitsSet;
            var scale = (float)settings.Sigma * Scales[step % Scales.Length];
            for (var d = 0; d < size; d++)
            {
                proposed[d] = Vector256.FusedMultiplyAdd(normals[d], Vector256.Create(scale * _width[d]), theta[d]);
                inside &= Vector256.GreaterThanOrEqual(proposed[d], Vector256.Create(_low[d]))
                    & Vector256.LessThan(proposed[d], Vector256.Create(_low[d] + _width[d]));
            }

            var candidate = TLikelihood.LogLikelihood(proposed, x);
            var uniform = Vector256.FusedMultiplyAdd(
                Vector256.ConvertToSingle((words.Next() >>> 1).AsInt32()), Vector256.Create(1f / (1u << 31)),
                Vector256.Create(0.5f / (1u << 31)));
            // A candidate that is not a number compares false and so is rejected.
            var accepted = inside & Vector256.LessThan(ReproducibleMath.Log(uniform), candidate - density);
            for (var d = 0; d < size; d++) theta[d] = Vector256.ConditionalSelect(accepted, proposed[d], theta[d]);
            density = Vector256.ConditionalSelect(accepted, candidate, density);
            TLikelihood.Reflect(theta, words.Next());
            if (step < settings.Burn) continue;

            cells.Clear();
            for (var d = 0; d < size; d++)
            {
                var place = Vector256.ConvertToInt32((theta[d] - Vector256.Create(_low[d])) * Vector256.Create(bins / _width[d]));
                Vector256.Min(Vector256.Max(place, Vector256<int>.Zero), Vector256.Create(bins - 1)).CopyTo(places);
                for (var lane = 0; lane < Lanes; lane++) cells[lane] = cells[lane] * (ulong)bins + (uint)places[lane];
            }

            for (var lane = 0; lane < used; lane++) counts.Add(cells[lane]);
        }
    }
}
