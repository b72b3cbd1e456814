using Amnre.Engine.Distributions;
using Amnre.Engine.Masks;
using Amnre.Engine.Posteriors;
using Amnre.Engine.Randomness;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Tests.Evaluation;

/// <summary>A study whose posterior is known: u uniform on [ln low, ln high)³, x = u + σz. Its parameters are exp u, with log-uniform
/// priors, or u itself: the same study in other coordinates.</summary>
internal sealed class ScaleStudy(bool isLogarithmic) : ISimulator, IMarginalPosterior
{
    private const double Sigma = 0.6;

    private static readonly float[] Lows = [1e-3f, 0.5f, 200], Highs = [10, 2.5f, 3e5f];

    private readonly IndependentPrior _prior = new([.. Lows.Zip(Highs, (low, high) => isLogarithmic
        ? Marginal.LogUniform(low, high) : Marginal.Uniform((float)Math.Log(low), (float)Math.Log(high)))]);

    public string Name => "SCALES";

    public IReadOnlyList<string> Labels { get; } = ["tau", "rate, 1/s", "mass"];

    public IReadOnlyList<float> Low => _prior.Low;

    public IReadOnlyList<float> High => _prior.High;

    public IReadOnlyList<int> ObservationShape { get; } = [3];

    public bool IsLogarithmic(int parameter) => _prior.IsLogarithmic(parameter);

    public void Sample(ulong seed, long firstRow, Span<float> theta, Span<float> x)
    {
        for (var i = 0; i < theta.Length; i++)
        {
            var random = new CounterRandom(seed, RandomPurpose.Rows, (ulong)(firstRow * 3 + i));
            var u = Math.Log(Lows[i % 3]) + random.NextDouble() * Math.Log((double)Highs[i % 3] / Lows[i % 3]);
            theta[i] = (float)(isLogarithmic ? Math.Exp(u) : u);
            x[i] = (float)(u + Sigma * random.NextNormal());
        }
    }

    public double LogPrior(ParameterMask mask, ReadOnlySpan<float> theta) => _prior.LogDensity(mask, theta);

    public bool Covers(ParameterMask mask) => mask.Count > 0;

    public void LogDensity(ParameterMask mask, ReadOnlySpan<float> x, ReadOnlySpan<float> theta, Span<float> result)
    {
        var parameters = mask.Indices();
        var rows = theta.Length / parameters.Length;
        for (var i = 0; i < result.Length; i++)
        {
            var log = 0.0;
            foreach (var (k, parameter) in parameters.Index())
            {
                double mean = x[i / rows * 3 + parameter], value = theta[i % rows * parameters.Length + k];
                var u = isLogarithmic ? Math.Log(value) : value;
                log -= 0.5 * (u - mean) * (u - mean) / (Sigma * Sigma) + Math.Log(Math.Sqrt(2 * Math.PI) * Sigma * NormalTail.Between(
                    (Math.Log(Lows[parameter]) - mean) / Sigma, (Math.Log(Highs[parameter]) - mean) / Sigma));
                if (isLogarithmic) log -= u;
            }

            result[i] = (float)log;
        }
    }

    public void Dispose()
    {
    }
}

/// <summary>An estimate that has learnt nothing: the prior.</summary>
internal sealed class PriorPosterior(ISimulator simulator) : IMarginalPosterior
{
    public bool Covers(ParameterMask mask) => mask.Count > 0;

    public void LogDensity(ParameterMask mask, ReadOnlySpan<float> x, ReadOnlySpan<float> theta, Span<float> result)
    {
        for (var i = 0; i < result.Length; i++)
        {
            var row = i % (theta.Length / mask.Count);
            result[i] = (float)simulator.LogPrior(mask, theta.Slice(row * mask.Count, mask.Count));
        }
    }

    public void Dispose()
    {
    }
}
