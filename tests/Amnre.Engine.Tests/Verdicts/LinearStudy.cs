using Amnre.Engine.Distributions;
using Amnre.Engine.Masks;
using Amnre.Engine.Randomness;
using Amnre.Engine.Simulators;
using MathNet.Numerics.LinearAlgebra;

namespace Amnre.Engine.Tests.Verdicts;

/// <summary>theta ~ N(0, I), x = Aθ + σz with a random A: every marginal of the posterior is normal, with covariance S = (I + AᵀA/σ²)⁻¹ and
/// mean S Aᵀx/σ².</summary>
internal class LinearStudy : IConditionalSimulator
{
    private readonly IndependentPrior _prior;
    private readonly Matrix<double> _a;
    private readonly double _noise;

    public LinearStudy(int size, int observations, double noise, ulong seed)
    {
        (_noise, ObservationShape) = (noise, [observations]);
        _prior = new IndependentPrior([.. Enumerable.Range(0, size).Select(_ => Marginal.Normal(0, 1))]);
        Labels = [.. Enumerable.Range(0, size).Select(i => $"p{i}")];
        var random = new CounterRandom(seed, RandomPurpose.InitialWeights, 0);
        _a = Matrix<double>.Build.Dense(observations, size, (_, _) => random.NextNormal());
        Covariance = (Matrix<double>.Build.DenseIdentity(size) + _a.TransposeThisAndMultiply(_a) / (noise * noise)).Inverse();
        Gain = Covariance * _a.Transpose() / (noise * noise);
    }

    /// <summary>Of the posterior.</summary>
    public Matrix<double> Covariance { get; }

    /// <summary>The posterior's mean is this times x.</summary>
    public Matrix<double> Gain { get; }

    public string Name => "LINEAR";

    public IReadOnlyList<string> Labels { get; }

    public IReadOnlyList<float> Low => _prior.Low;

    public IReadOnlyList<float> High => _prior.High;

    public IReadOnlyList<int> ObservationShape { get; }

    public void Sample(ulong seed, long firstRow, Span<float> theta, Span<float> x)
    {
        var (size, width) = (Labels.Count, ObservationShape[0]);
        for (var row = 0; row < theta.Length / size; row++)
        {
            var random = new CounterRandom(seed, RandomPurpose.Rows, (ulong)(firstRow + row));
            for (var d = 0; d < size; d++) theta[row * size + d] = (float)random.NextNormal();
            See(theta.Slice(row * size, size), x.Slice(row * width, width), ref random);
        }
    }

    public void Observe(ulong seed, long firstRow, ReadOnlySpan<float> theta, Span<float> x)
    {
        var (size, width) = (Labels.Count, ObservationShape[0]);
        for (var row = 0; row < theta.Length / size; row++)
        {
            var random = new CounterRandom(seed, RandomPurpose.Predictive, (ulong)(firstRow + row));
            See(theta.Slice(row * size, size), x.Slice(row * width, width), ref random);
        }
    }

    public double LogPrior(ParameterMask mask, ReadOnlySpan<float> theta) => _prior.LogDensity(mask, theta);

    protected virtual double Expected(ReadOnlySpan<float> theta, int value)
    {
        var sum = 0.0;
        for (var d = 0; d < theta.Length; d++) sum += _a[value, d] * theta[d];
        return sum;
    }

    private void See(ReadOnlySpan<float> theta, Span<float> x, ref CounterRandom random)
    {
        for (var k = 0; k < x.Length; k++) x[k] = (float)(Expected(theta, k) + _noise * random.NextNormal());
    }
}
