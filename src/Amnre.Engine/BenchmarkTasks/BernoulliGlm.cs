using System.Runtime.Intrinsics;
using Amnre.Engine.Distributions;
using Amnre.Engine.Randomness;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.BenchmarkTasks;

/// <summary>A neuron's 100 bins, each with a spike of probability 1/(1 + exp −ψ_t), ψ = Xθ: an offset and a filter of nine lags on a fixed
/// stimulus. θ ~ N(0, B⁻¹).</summary>
internal static class SpikeModel
{
    public const int Size = 10, Bins = 100, Lags = Size - 1;

    /// <summary>Standard normals in single precision, <c>RandomState(42).randn(100)</c>.</summary>
    private static readonly float[] Stimulus =
    [
        0.49671414f, -0.1382643f, 0.64768857f, 1.5230298f, -0.23415338f, -0.23413695f, 1.5792128f, 0.7674347f, -0.46947438f,
        0.54256004f, -0.46341768f, -0.46572974f, 0.24196227f, -1.9132802f, -1.7249179f, -0.5622875f, -1.0128311f, 0.31424734f,
        -0.9080241f, -1.4123037f, 1.4656488f, -0.2257763f, 0.0675282f, -1.4247482f, -0.54438275f, 0.11092259f, -1.1509936f,
        0.37569803f, -0.6006387f, -0.29169375f, -0.6017066f, 1.8522782f, -0.013497225f, -1.0577109f, 0.82254493f, -1.2208437f,
        0.2088636f, -1.9596701f, -1.328186f, 0.19686124f, 0.73846656f, 0.17136829f, -0.115648285f, -0.30110368f, -1.478522f,
        -0.7198442f, -0.46063876f, 1.0571222f, 0.3436183f, -1.7630402f, 0.32408398f, -0.38508227f, -0.676922f, 0.6116763f,
        1.0309995f, 0.93128014f, -0.83921754f, -0.3092124f, 0.33126342f, 0.9755451f, -0.47917423f, -0.18565898f, -1.1063349f,
        -1.1962066f, 0.8125258f, 1.35624f, -0.07201012f, 1.0035329f, 0.361636f, -0.6451197f, 0.3613956f, 1.5380366f, -0.03582604f,
        1.5646436f, -2.619745f, 0.8219025f, 0.08704707f, -0.29900736f, 0.09176078f, -1.9875689f, -0.21967189f, 0.35711256f,
        1.4778941f, -0.5182702f, -0.8084936f, -0.501757f, 0.9154021f, 0.32875112f, -0.5297602f, 0.51326746f, 0.09707755f,
        0.968645f, -0.70205307f, -0.32766214f, -0.39210814f, -1.4635149f, 0.2961203f, 0.26105526f, 0.005113457f, -0.23458713f,
    ];

    private static readonly double[] Matrix = [.. Enumerable.Range(0, Bins * Size).Select(k => (double)Design(k / Size, k % Size))];

    public static IReadOnlyList<string> Labels { get; } = ["β", .. Enumerable.Range(1, Lags).Select(lag => $"f{(char)('₀' + lag)}")];

    /// <summary>Element of the design matrix: 1, then the stimulus of the last nine bins, 0 before its start.</summary>
    public static float Design(int bin, int parameter) =>
        parameter == 0 ? 1 : bin < parameter - 1 ? 0 : Stimulus[bin - parameter + 1];

    /// <summary>B is ½ for the offset and FᵀF for the filter, F of second differences with 1 + √((i − 1)/9) on its diagonal.</summary>
    public static MultivariateNormalPrior Prior()
    {
        // The covariance is G Gᵀ with G the inverse of F, a lower triangle.
        var inverse = new double[Lags, Lags];
        for (var column = 0; column < Lags; column++)
        {
            for (var i = column; i < Lags; i++)
            {
                var rest = i == column ? 1.0 : 0;
                if (i >= 1) rest += 2 * inverse[i - 1, column];
                if (i >= 2) rest -= inverse[i - 2, column];
                inverse[i, column] = rest / (1 + Math.Sqrt(i / 9.0));
            }
        }

        var covariance = new double[Size, Size];
        covariance[0, 0] = 2;
        for (var i = 0; i < Lags; i++)
            for (var j = 0; j < Lags; j++)
                for (var k = 0; k < Lags; k++) covariance[i + 1, j + 1] += inverse[i, k] * inverse[j, k];
        return new MultivariateNormalPrior(new double[Size], covariance);
    }

    /// <summary>Spikes of a bin, 1 or 0; one word.</summary>
    public static Vector256<float> Spike(ref RowWords words, ReadOnlySpan<Vector256<float>> theta, int bin)
    {
        var psi = theta[0];
        for (var i = 1; i < Size && i <= bin + 1; i++)
            psi = Vector256.FusedMultiplyAdd(theta[i], Vector256.Create(Design(bin, i)), psi);
        // e^−ψ within the range of single precision.
        var odds = ReproducibleMath.Exp(Vector256.Min(Vector256.Max(-psi, Vector256.Create(-80f)), Vector256.Create(80f)));
        var one = Vector256<float>.One;
        return Vector256.LessThan(words.NextUnit(), one / (one + odds)) & one;
    }

    /// <summary>log p(y | θ) = θᵀXᵀy − Σ ln(1 + exp ψ).</summary>
    /// <param name="sums">Xᵀy.</param>
    public static double LogLikelihood(ReadOnlySpan<float> theta, ReadOnlySpan<double> sums)
    {
        var total = 0.0;
        for (var i = 0; i < Size; i++) total += theta[i] * sums[i];
        // A product of a hundred numbers from 1 to 2 has one logarithm.
        var product = 1.0;
        for (var bin = 0; bin < Bins; bin++)
        {
            var row = Matrix.AsSpan(bin * Size, Size);
            var psi = 0.0;
            for (var i = 0; i < row.Length; i++) psi += theta[i] * row[i];
            total -= Math.Max(psi, 0);
            product *= 1 + Math.Exp(-Math.Abs(psi));
        }

        return total - Math.Log(product);
    }
}

/// <summary>The spikes themselves.</summary>
internal readonly struct Spikes : ILaneObserver
{
    public static int ParameterCount => SpikeModel.Size;

    public static int ObservedCount => SpikeModel.Bins;

    public static void Observe(ref RowWords words, ReadOnlySpan<Vector256<float>> theta, Span<Vector256<float>> x)
    {
        for (var bin = 0; bin < x.Length; bin++) x[bin] = SpikeModel.Spike(ref words, theta, bin);
    }
}

/// <summary>Their number, and the stimulus summed before them, lag by lag.</summary>
internal readonly struct SpikeSums : ILaneObserver
{
    public static int ParameterCount => SpikeModel.Size;

    public static int ObservedCount => SpikeModel.Size;

    public static void Observe(ref RowWords words, ReadOnlySpan<Vector256<float>> theta, Span<Vector256<float>> x)
    {
        x.Clear();
        for (var bin = 0; bin < SpikeModel.Bins; bin++)
        {
            var spike = SpikeModel.Spike(ref words, theta, bin);
            for (var i = 0; i < x.Length; i++) x[i] = Vector256.FusedMultiplyAdd(spike, Vector256.Create(SpikeModel.Design(bin, i)), x[i]);
        }
    }
}

/// <summary>Observed by its sufficient statistics; the likelihood leaves out a factor without θ.</summary>
internal sealed class BernoulliGlm() : BenchmarkTask<SpikeSums>("bernoulli-glm", SpikeModel.Prior(), SpikeModel.Labels)
{
    public override double LogLikelihood(ReadOnlySpan<float> theta, ReadOnlySpan<float> x)
    {
        Span<double> sums = stackalloc double[SpikeModel.Size];
        for (var i = 0; i < sums.Length; i++) sums[i] = x[i];
        return SpikeModel.LogLikelihood(theta, sums);
    }
}

/// <summary>Observed bin by bin.</summary>
internal sealed class BernoulliGlmRaw() : BenchmarkTask<Spikes>("bernoulli-glm-raw", SpikeModel.Prior(), SpikeModel.Labels)
{
    public override double LogLikelihood(ReadOnlySpan<float> theta, ReadOnlySpan<float> x)
    {
        Span<double> sums = stackalloc double[SpikeModel.Size];
        sums.Clear();
        for (var bin = 0; bin < SpikeModel.Bins; bin++)
            for (var i = 0; i < sums.Length; i++) sums[i] += (double)x[bin] * SpikeModel.Design(bin, i);
        return SpikeModel.LogLikelihood(theta, sums);
    }
}
