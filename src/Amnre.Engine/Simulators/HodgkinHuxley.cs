using System.Buffers;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Amnre.Engine.Distributions;
using Amnre.Engine.Masks;
using Amnre.Engine.Randomness;

namespace Amnre.Engine.Simulators;

/// <summary>A Hodgkin–Huxley neuron under a step of noisy current: theta eight uniform parameters of the membrane, x seven
/// summary statistics of its potential. Gonçalves et al.: Training deep neural density estimators to identify mechanistic
/// models of neural dynamics (eLife 2020).</summary>
/// <remarks>Each row has a theta and a noise of its own; the original repeats each theta once per worker process.</remarks>
internal sealed class HodgkinHuxley : ISimulator, ILaneKernel
{
    /// <summary>A potential that varies less than this (mV²) varies by rounding only.</summary>
    private const double Constant = 1e-20;

    private static readonly float[] Lowest = [0.5f, 1e-4f, 1e-4f, 1e-4f, 50, 40, 1e-4f, 35];
    private static readonly float[] Highest = [80, 15, 0.6f, 0.6f, 3000, 90, 0.15f, 100];

    private readonly UniformPrior _prior = new(Lowest, Highest);

    public static int ParameterCount => 8;

    public static int ObservedCount => TraceSummary.Size;

    public string Name => "HH";

    public IReadOnlyList<string> Labels { get; } = ["g_Na", "g_K", "g_l", "g_M", "τ_max", "−V_T", "σ", "−E_l"];

    public IReadOnlyList<float> Low => _prior.Low;

    public IReadOnlyList<float> High => _prior.High;

    public IReadOnlyList<int> ObservationShape { get; } = [TraceSummary.Size];

    public void Sample(ulong seed, long firstRow, Span<float> theta, Span<float> x) =>
        LaneSampling.Fill<HodgkinHuxley>(seed, firstRow, theta, x);

    public double LogPrior(ParameterMask mask, ReadOnlySpan<float> theta) => _prior.LogDensity(mask, theta);

    /// <summary>Words 0–7 give theta, each following pair the noise of two steps. What is simulated is theta as stored.</summary>
    public static void Draw(ref RowWords words, Span<Vector256<float>> theta, Span<Vector256<float>> x)
    {
        for (var i = 0; i < ParameterCount; i++)
        {
            var value = Vector256.FusedMultiplyAdd(
                words.NextUnit(), Vector256.Create(Highest[i] - Lowest[i]), Vector256.Create(Lowest[i]));
            // The largest draws round up to the bound, which the prior excludes.
            theta[i] = Vector256.Min(value, Vector256.Create(MathF.BitDecrement(Highest[i])));
        }

        Observe(ref words, theta, x);
    }

    /// <summary>Simulates given parameters under the noise of the next words.</summary>
    public static void Observe(ref RowWords words, ReadOnlySpan<Vector256<float>> theta, Span<Vector256<float>> x)
    {
        var rented = ArrayPool<double>.Shared.Rent(CurrentStep.SummaryPoints * RowWords.Lanes);
        var trace = MemoryMarshal.Cast<double, Vector512<double>>(rented.AsSpan())[..CurrentStep.SummaryPoints];
        for (var k = 1; k < trace.Length; k += 2)
        {
            NormalPair.From(words.Next(), words.Next(), out var first, out var second);
            trace[k] = Widen(first);
            if (k + 1 < trace.Length) trace[k + 1] = Widen(second);
        }

        Span<Vector512<double>> wide = stackalloc Vector512<double>[ParameterCount];
        for (var i = 0; i < wide.Length; i++) wide[i] = Widen(theta[i]);
        new MembraneLanes(wide).Integrate(trace);
        Span<Vector512<double>> summary = stackalloc Vector512<double>[TraceSummary.Size];
        TraceSummary.Of(trace, summary);
        ArrayPool<double>.Shared.Return(rented);

        GiveShapeToConstants(summary);
        for (var i = 0; i < summary.Length; i++) x[i] = Vector256.Narrow(summary[i].GetLower(), summary[i].GetUpper());
    }

    /// <summary>A constant trace has skewness and kurtosis 0/0, which the original stores as NaN, and its training then skips
    /// each batch with such a row. Rows cannot be left out either: row i is a function of (seed, i). So a constant trace has by
    /// rule the shape of its limit, a trace of nothing but ever smaller normal noise: skewness 0 and kurtosis 3.</summary>
    internal static void GiveShapeToConstants(Span<Vector512<double>> summary)
    {
        var isConstant = Vector512.LessThan(summary[4], Vector512.Create(Constant));
        summary[5] = Vector512.ConditionalSelect(isConstant, Vector512<double>.Zero, summary[5]);
        summary[6] = Vector512.ConditionalSelect(isConstant, Vector512.Create(3.0), summary[6]);
    }

    private static Vector512<double> Widen(Vector256<float> values)
    {
        var (lower, upper) = Vector256.Widen(values);
        return Vector512.Create(lower, upper);
    }
}
