using Amnre.Engine.Masks;
using Amnre.Engine.Posteriors;
using Amnre.Engine.Randomness;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Sampling;

/// <summary>Samples an estimated posterior with an ensemble of Metropolis–Hastings chains.</summary>
/// <remarks>Differential evolution moves: chain i proposes θ + γ(θ_a − θ_b) + jitter with a, b from the other half of the
/// ensemble, so that steps take the posterior's own scale and direction; every tenth step has γ = 1 to jump between modes, and every
/// fourth is a random walk of the given deviation, which needs no ensemble that has found its shape.
/// The two halves move in turn, which keeps the proposal symmetric.
/// ter Braak: A Markov chain Monte Carlo version of the genetic algorithm differential evolution (Stat. Comput. 2006).</remarks>
internal static class JointSampler
{
    private const int JumpEvery = 10;

    private const int WalkEvery = 4;

    /// <summary>Half-width of the jitter as a fraction of each parameter's range: small against any posterior, large enough
    /// that resampled copies of one draw part.</summary>
    private const float Jitter = 1e-4f;

    /// <param name="simulator">Gives the prior and its bounds.</param>
    /// <param name="posterior">Must cover <paramref name="mask"/>.</param>
    /// <param name="mask">The parameters that are sampled.</param>
    /// <param name="x">One observation, flattened.</param>
    /// <param name="settings">Length and number of chains.</param>
    /// <param name="observation">Index of the observation: each has random numbers of its own.</param>
    /// <param name="visit">Receives the states (chains, |mask|) after each step beyond the burn-in; valid during the call only.</param>
    /// <param name="stop">Checked at each step.</param>
    /// <param name="progress">Is told of each step; null for nobody.</param>
    public static ChainReport Draw(
        ISimulator simulator, IMarginalPosterior posterior, ParameterMask mask, ReadOnlySpan<float> x, ChainSettings settings,
        ulong observation,
        Action<ReadOnlySpan<float>> visit, CancellationToken stop, IProgress<RunProgress>? progress = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.Chains, 4);
        ArgumentOutOfRangeException.ThrowIfNotEqual(settings.Chains % 2, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(settings.Burn, settings.Steps);

        var size = mask.Count;
        (float Low, float Width)[] box = [.. mask.Indices().Select(p => (simulator.Low[p], simulator.High[p] - simulator.Low[p]))];
        var theta = new float[settings.Chains * size];
        var started = ChainStart.Draw(simulator, posterior, mask, x, settings, observation, theta);
        var density = new float[settings.Chains];
        posterior.LogDensity(mask, x, theta, density);

        var half = settings.Chains / 2;
        var proposed = new float[half * size];
        var proposedDensity = new float[half];
        long accepted = 0;
        var states = new ChainStates(settings.Chains, size);
        for (var step = 0; step < settings.Steps; step++)
        {
            stop.ThrowIfCancellationRequested();
            var random = new CounterRandom(settings.Seed, RandomPurpose.Chains, observation << 32 | (uint)step);
            for (var first = 0; first < settings.Chains; first += half)
            {
                if (step % WalkEvery == WalkEvery - 1) Walk(ref random, box, theta, first, settings.Sigma, proposed);
                else Evolve(ref random, box, theta, first, step, proposed);
                posterior.LogDensity(mask, x, proposed, proposedDensity);
                for (var i = 0; i < half; i++)
                {
                    var row = proposed.AsSpan(i * size, size);
                    var change = proposedDensity[i] - density[first + i];
                    // A NaN change compares false and so rejects.
                    if (!(Math.Log(1 - random.NextDouble()) < change) || double.IsNegativeInfinity(simulator.LogPrior(mask, row))) continue;
                    row.CopyTo(theta.AsSpan((first + i) * size));
                    density[first + i] = proposedDensity[i];
                    if (step >= settings.Burn) accepted++;
                }
            }

            progress?.Report(new RunProgress(step + 1, settings.Steps, "states"));
            if (step < settings.Burn) continue;
            states.Add(theta);
            visit(theta);
        }

        return new ChainReport(states.EffectiveSize(started), (double)accepted / settings.Kept);
    }

    private static void Walk(
        ref CounterRandom random, (float Low, float Width)[] box, ReadOnlySpan<float> theta, int first, double sigma, Span<float> proposed)
    {
        for (var i = 0; i < proposed.Length; i++)
            proposed[i] = theta[first * box.Length + i] + (float)(sigma * box[i % box.Length].Width * random.NextNormal());
    }

    private static void Evolve(
        ref CounterRandom random, (float Low, float Width)[] box, ReadOnlySpan<float> theta, int first, int step, Span<float> proposed)
    {
        var size = box.Length;
        var half = proposed.Length / size;
        var other = first == 0 ? half : 0;
        // 2.38/√(2D) is optimal for Gaussian targets (ter Braak 2006).
        var gamma = step % JumpEvery == JumpEvery - 2 ? 1f : (float)(2.38 / Math.Sqrt(2 * size));
        for (var i = 0; i < half; i++)
        {
            var a = (int)random.NextBelow((uint)half);
            var b = (int)random.NextBelow((uint)half - 1);
            if (b >= a) b++;
            for (var d = 0; d < size; d++)
            {
                var jitter = Jitter * box[d].Width * (2 * random.NextSingle() - 1);
                proposed[i * size + d] = theta[(first + i) * size + d]
                    + gamma * (theta[(other + a) * size + d] - theta[(other + b) * size + d]) + jitter;
            }
        }
    }
}
