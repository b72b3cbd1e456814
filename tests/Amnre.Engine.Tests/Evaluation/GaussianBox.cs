using Amnre.Engine.Distributions;
using Amnre.Engine.Masks;
using Amnre.Engine.Posteriors;
using Amnre.Engine.Randomness;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Tests.Evaluation;

/// <summary>A simulator whose posterior is known in closed form: theta uniform on [−3, 3)³, x = theta + σz.</summary>
internal sealed class GaussianBox : ISimulator
{
    public const double Sigma = 0.6;

    private readonly IndependentPrior _prior = IndependentPrior.Uniform([-3, -3, -3], [3, 3, 3]);

    public string Name => "GAUSS";

    public IReadOnlyList<string> Labels { get; } = ["a", "b", "c"];

    public IReadOnlyList<float> Low => _prior.Low;

    public IReadOnlyList<float> High => _prior.High;

    public IReadOnlyList<int> ObservationShape { get; } = [3];

    public void Sample(ulong seed, long firstRow, Span<float> theta, Span<float> x)
    {
        for (var i = 0; i < theta.Length; i++)
        {
            var random = new CounterRandom(seed, RandomPurpose.Rows, (ulong)(firstRow * 3 + i));
            theta[i] = 6 * random.NextSingle() - 3;
            var (u, v) = (random.NextDouble(), random.NextDouble());
            x[i] = (float)(theta[i] + Sigma * Math.Sqrt(-2 * Math.Log(1 - u)) * Math.Cos(2 * Math.PI * v));
        }
    }

    public double LogPrior(ParameterMask mask, ReadOnlySpan<float> theta) => _prior.LogDensity(mask, theta);
}

/// <summary>The exact posterior of <see cref="GaussianBox"/>, or one that believes the noise to be <paramref name="sigma"/>.</summary>
internal sealed class GaussianPosterior(double sigma = GaussianBox.Sigma, Func<ParameterMask, bool>? covers = null) : IMarginalPosterior
{
    public int Calls { get; private set; }

    public int LargestBatch { get; private set; }

    public bool Covers(ParameterMask mask) => covers?.Invoke(mask) ?? true;

    public void LogDensity(ParameterMask mask, ReadOnlySpan<float> x, ReadOnlySpan<float> theta, Span<float> result)
    {
        var parameters = mask.Indices();
        var (observations, cells) = (x.Length / 3, theta.Length / parameters.Length);
        (Calls, LargestBatch) = (Calls + 1, Math.Max(LargestBatch, observations * cells));
        for (var i = 0; i < observations; i++)
        {
            for (var j = 0; j < cells; j++)
            {
                var log = 0.0;
                for (var k = 0; k < parameters.Length; k++)
                {
                    double mean = x[i * 3 + parameters[k]], z = (theta[j * parameters.Length + k] - mean) / sigma;
                    log -= 0.5 * z * z + Math.Log(Math.Sqrt(2 * Math.PI) * sigma
                        * NormalTail.Between((-3 - mean) / sigma, (3 - mean) / sigma));
                }

                result[i * cells + j] = (float)log;
            }
        }
    }

    public void Dispose()
    {
    }
}
