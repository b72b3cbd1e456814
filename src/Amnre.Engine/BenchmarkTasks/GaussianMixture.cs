using System.Runtime.Intrinsics;
using Amnre.Engine.Distributions;
using Amnre.Engine.Randomness;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.BenchmarkTasks;

/// <summary>θ ~ U(−10, 10)², x ~ ½ N(θ, I) + ½ N(θ, 0.01 I), one component for both coordinates of a row.</summary>
internal sealed class GaussianMixture() : BenchmarkTask<GaussianMixture.Noise>(
    "gaussian-mixture", new IndependentPrior(Marginal.Uniform(-Bound, Bound), Marginal.Uniform(-Bound, Bound))), IClosedPosterior
{
    private const float Bound = 10;

    private static readonly double[] Deviations = [1, 0.1];

    public override double LogLikelihood(ReadOnlySpan<float> theta, ReadOnlySpan<float> x)
    {
        var (u, v) = ((double)x[0] - theta[0], (double)x[1] - theta[1]);
        var squares = u * u + v * v;
        // The wide component never underflows before the narrow one.
        return -Math.Log(4 * Math.PI) - 0.5 * squares + Math.Log(1 + 100 * Math.Exp(-0.5 * squares * 99));
    }

    public IReadOnlyList<double> Weights(ReadOnlySpan<float> x)
    {
        double[] masses = [Cut(x, 0, 0).Mass * Cut(x, 0, 1).Mass, Cut(x, 1, 0).Mass * Cut(x, 1, 1).Mass];
        return [.. masses.Select(mass => mass / masses.Sum())];
    }

    public double Below(ReadOnlySpan<float> x, int component, int parameter, double value) => Cut(x, component, parameter).Below(value);

    private static CutNormal Cut(ReadOnlySpan<float> x, int component, int parameter) =>
        new(x[parameter], Deviations[component], -Bound, Bound);

    internal readonly struct Noise : ILaneObserver
    {
        public static int ParameterCount => 2;

        public static int ObservedCount => 2;

        /// <summary>Three words a row: the component, and two normals.</summary>
        public static void Observe(ref RowWords words, ReadOnlySpan<Vector256<float>> theta, Span<Vector256<float>> x)
        {
            var isWide = Vector256.LessThan(words.NextUnit(), Vector256.Create(0.5f));
            var deviation = Vector256.ConditionalSelect(isWide, Vector256<float>.One, Vector256.Create(0.1f));
            NormalPair.From(words.Next(), words.Next(), out var z1, out var z2);
            x[0] = Vector256.FusedMultiplyAdd(z1, deviation, theta[0]);
            x[1] = Vector256.FusedMultiplyAdd(z2, deviation, theta[1]);
        }
    }
}
