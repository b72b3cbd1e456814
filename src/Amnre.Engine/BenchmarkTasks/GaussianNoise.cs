using System.Runtime.Intrinsics;
using Amnre.Engine.Distributions;
using Amnre.Engine.Randomness;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.BenchmarkTasks;

/// <summary>x ~ N(θ, 0.1 I) in ten dimensions; 0.1 is the variance.</summary>
internal readonly struct GaussianNoise : ILaneObserver
{
    public const double Variance = 0.1;

    public static int ParameterCount => 10;

    public static int ObservedCount => 10;

    public static void Observe(ref RowWords words, ReadOnlySpan<Vector256<float>> theta, Span<Vector256<float>> x)
    {
        var deviation = Vector256.Create((float)Math.Sqrt(Variance));
        for (var i = 0; i < x.Length; i += 2)
        {
            NormalPair.From(words.Next(), words.Next(), out var z1, out var z2);
            x[i] = Vector256.FusedMultiplyAdd(z1, deviation, theta[i]);
            x[i + 1] = Vector256.FusedMultiplyAdd(z2, deviation, theta[i + 1]);
        }
    }

    public static double LogLikelihood(ReadOnlySpan<float> theta, ReadOnlySpan<float> x)
    {
        var squares = 0.0;
        for (var i = 0; i < x.Length; i++) squares += ((double)x[i] - theta[i]) * ((double)x[i] - theta[i]);
        return -0.5 * (squares / Variance + x.Length * Math.Log(2 * Math.PI * Variance));
    }
}

/// <summary>θ ~ N(0, 0.1 I): the posterior is N(x/2, 0.05 I).</summary>
internal sealed class GaussianLinear() : BenchmarkTask<GaussianNoise>("gaussian-linear", Prior()), IClosedPosterior
{
    public override double LogLikelihood(ReadOnlySpan<float> theta, ReadOnlySpan<float> x) => GaussianNoise.LogLikelihood(theta, x);

    public IReadOnlyList<double> Weights(ReadOnlySpan<float> x) => [1];

    public double Below(ReadOnlySpan<float> x, int component, int parameter, double value) =>
        new CutNormal(x[parameter] / 2.0, Math.Sqrt(GaussianNoise.Variance / 2), Low[parameter], High[parameter]).Below(value);

    private static IndependentPrior Prior() =>
        new([.. Enumerable.Repeat(Marginal.Normal(0, (float)Math.Sqrt(0.1)), GaussianNoise.ParameterCount)]);
}

/// <summary>θ ~ U(−1, 1)¹⁰: the posterior is N(x, 0.1 I) within the box.</summary>
internal sealed class GaussianLinearUniform() : BenchmarkTask<GaussianNoise>("gaussian-linear-uniform", Prior()), IClosedPosterior
{
    public override double LogLikelihood(ReadOnlySpan<float> theta, ReadOnlySpan<float> x) => GaussianNoise.LogLikelihood(theta, x);

    public IReadOnlyList<double> Weights(ReadOnlySpan<float> x) => [1];

    public double Below(ReadOnlySpan<float> x, int component, int parameter, double value) =>
        new CutNormal(x[parameter], Math.Sqrt(GaussianNoise.Variance), -1, 1).Below(value);

    private static IndependentPrior Prior() => new([.. Enumerable.Repeat(Marginal.Uniform(-1, 1), GaussianNoise.ParameterCount)]);
}
