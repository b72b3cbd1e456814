using Amnre.Engine.Distributions;
using Amnre.Engine.Masks;
using Amnre.Engine.Posteriors;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Tests.ChainRule;

/// <summary>theta ~ N(0, I), x = Aθ + noise: every marginal and conditional of the posterior is normal and known.</summary>
internal sealed class NormalEstimate : ISimulator, IMarginalPosterior
{
    private readonly IndependentPrior _prior;
    private readonly double _sharpness;

    /// <param name="size">Number of parameters.</param>
    /// <param name="correlation">Of neighbours, beyond the prior's.</param>
    /// <param name="sharpness">Marginals of fewer parameters than all claim precisions this many times the true ones.</param>
    public NormalEstimate(int size, double correlation, double sharpness = 1)
    {
        _sharpness = sharpness;
        _prior = new IndependentPrior([.. Enumerable.Range(0, size).Select(_ => Marginal.Normal(0, 1))]);
        Labels = [.. Enumerable.Range(0, size).Select(i => $"p{i}")];
        Mean = [.. Enumerable.Range(0, size).Select(i => 0.8 * Math.Sin(i + 1))];
        Covariance = new double[size, size];
        for (var i = 0; i < size; i++)
            for (var j = 0; j < size; j++) Covariance[i, j] = 0.01 * (1 + i) * (1 + j) / size * Math.Pow(correlation, Math.Abs(i - j));
    }

    public double[] Mean { get; }

    public double[,] Covariance { get; }

    public Func<ParameterMask, bool> Known { get; init; } = _ => true;

    public bool HasFreeFactor { get; init; }

    public string Name => "NORMAL";

    public IReadOnlyList<string> Labels { get; }

    public IReadOnlyList<float> Low => _prior.Low;

    public IReadOnlyList<float> High => _prior.High;

    public IReadOnlyList<int> ObservationShape { get; } = [1];

    public void Sample(ulong seed, long firstRow, Span<float> theta, Span<float> x) => throw new NotSupportedException();

    public double LogPrior(ParameterMask mask, ReadOnlySpan<float> theta) => _prior.LogDensity(mask, theta);

    public bool Covers(ParameterMask mask) => mask.Count > 0 && Known(mask);

    public void LogDensity(ParameterMask mask, ReadOnlySpan<float> x, ReadOnlySpan<float> theta, Span<float> result)
    {
        var (mean, precision, logRoot) = Marginal_(mask.Indices());
        var size = mask.Count;
        var scale = size == Labels.Count ? 1 : _sharpness;
        for (var place = 0; place < result.Length; place++)
        {
            // All observations are alike.
            var (row, form) = (place % (theta.Length / size), 0.0);
            for (var i = 0; i < size; i++)
                for (var j = 0; j < size; j++)
                    form += precision[i, j] * (theta[row * size + i] - mean[i]) * (theta[row * size + j] - mean[j]);
            result[place] = (float)(-0.5 * scale * form + logRoot + size / 2.0 * Math.Log(scale));
        }
    }

    /// <summary>Mean and covariance of A given values of B.</summary>
    public (double[] Mean, double[,] Covariance) Given(int[] a, int[] b, float[] values)
    {
        var (_, precision, _) = Marginal_(b);
        var mean = a.Select(i => Mean[i]).ToArray();
        var covariance = new double[a.Length, a.Length];
        for (var i = 0; i < a.Length; i++)
        {
            for (var k = 0; k < b.Length; k++)
                for (var l = 0; l < b.Length; l++) mean[i] += Covariance[a[i], b[k]] * precision[k, l] * (values[l] - Mean[b[l]]);
            for (var j = 0; j < a.Length; j++)
            {
                covariance[i, j] = Covariance[a[i], a[j]];
                for (var k = 0; k < b.Length; k++)
                    for (var l = 0; l < b.Length; l++)
                        covariance[i, j] -= Covariance[a[i], b[k]] * precision[k, l] * Covariance[b[l], a[j]];
            }
        }

        return (mean, covariance);
    }

    public void Dispose()
    {
    }

    private (double[] Mean, double[,] Precision, double LogRoot) Marginal_(int[] indices)
    {
        var size = indices.Length;
        var (left, right) = (new double[size, size], new double[size, size]);
        for (var i = 0; i < size; i++)
        {
            right[i, i] = 1;
            for (var j = 0; j < size; j++) left[i, j] = Covariance[indices[i], indices[j]];
        }

        // Gauss and Jordan; a covariance needs no pivots.
        var logDeterminant = 0.0;
        for (var i = 0; i < size; i++)
        {
            var pivot = left[i, i];
            logDeterminant += Math.Log(pivot);
            for (var j = 0; j < size; j++) (left[i, j], right[i, j]) = (left[i, j] / pivot, right[i, j] / pivot);
            for (var k = 0; k < size; k++)
            {
                if (k == i) continue;
                var factor = left[k, i];
                for (var j = 0; j < size; j++)
                    (left[k, j], right[k, j]) = (left[k, j] - factor * left[i, j], right[k, j] - factor * right[i, j]);
            }
        }

        return ([.. indices.Select(i => Mean[i])], right, -0.5 * (logDeterminant + size * Math.Log(2 * Math.PI)));
    }
}
