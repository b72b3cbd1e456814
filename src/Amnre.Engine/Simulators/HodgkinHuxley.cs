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
internal sealed class HodgkinHuxley : IReferenceEvents, IConditionalSimulator, ILaneKernel
{
    /// <summary>A potential that varies less than this (mV²) varies by rounding only.</summary>
    private const double Constant = 1e-20;

    private static readonly float[] Lowest = [0.5f, 1e-4f, 1e-4f, 1e-4f, 50, 40, 1e-4f, 35];
    private static readonly float[] Highest = [80, 15, 0.6f, 0.6f, 3000, 90, 0.15f, 100];

    private static readonly float[] Reference = [50, 5, 0.1f, 0.07f, 600, 60, 0.1f, 70];

    private readonly IndependentPrior _prior = IndependentPrior.Uniform(Lowest, Highest);

    public static int ParameterCount => 8;

    public static int ObservedCount => TraceSummary.Size;

    public string Name => "HH";

    public IReadOnlyList<string> Labels { get; } = ["g_Na", "g_K", "g_l", "g_M", "τ_max", "−V_T", "σ", "−E_l"];

    public IReadOnlyList<float> Low => _prior.Low;

    public IReadOnlyList<float> High => _prior.High;

    public IReadOnlyList<int> ObservationShape { get; } = [TraceSummary.Size];

    public int EventCount => 1;

    public void Sample(ulong seed, long firstRow, Span<float> theta, Span<float> x) =>
        LaneSampling.Fill<HodgkinHuxley>(seed, firstRow, theta, x);

    public void Observe(ulong seed, long firstRow, ReadOnlySpan<float> theta, Span<float> x) =>
        LaneSampling.Observe<HodgkinHuxley>(seed, firstRow, theta, x);

    public double LogPrior(ParameterMask mask, ReadOnlySpan<float> theta) => _prior.LogDensity(mask, theta);

    /// <summary>The fixed reference parameters and one simulation of them; the original draws another noise each time.</summary>
    public void Events(ulong seed, Span<float> theta, Span<float> x)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(theta.Length, ParameterCount);
        ArgumentOutOfRangeException.ThrowIfNotEqual(x.Length, ObservedCount);
        Span<Vector256<float>> thetaLanes = stackalloc Vector256<float>[ParameterCount];
        Span<Vector256<float>> xLanes = stackalloc Vector256<float>[ObservedCount];
        for (var i = 0; i < theta.Length; i++) thetaLanes[i] = Vector256.Create(theta[i] = Reference[i]);
        var words = new RowWords(seed, 0, RandomPurpose.ReferenceEvents);
        Observe(ref words, thetaLanes, xLanes);
        for (var i = 0; i < x.Length; i++) x[i] = xLanes[i][0];
    }

    /// <summary>Words 0–7 of a row. What is simulated is theta as stored.</summary>
    public static void Draw(ref RowWords words, Span<Vector256<float>> theta)
    {
        for (var i = 0; i < ParameterCount; i++) theta[i] = Parameter(i, words.NextUnit());
    }

    /// <summary>Parameter <paramref name="i"/> from a number uniform in [0, 1).</summary>
    internal static Vector256<float> Parameter(int i, Vector256<float> unit)
    {
        var value = Vector256.FusedMultiplyAdd(unit, Vector256.Create(Highest[i] - Lowest[i]), Vector256.Create(Lowest[i]));
        // The largest draws may round up to the bound, which the prior excludes.
        return Vector256.Min(value, Vector256.Create(MathF.BitDecrement(Highest[i])));
    }

    /// <summary>Each pair of words gives the noise of two steps.</summary>
    public static void Observe(ref RowWords words, ReadOnlySpan<Vector256<float>> theta, Span<Vector256<float>> x)
    {
        const int Points = CurrentStep.SummaryPoints;
        var rented = ArrayPool<double>.Shared.Rent(Points * RowWords.Lanes);
        var traces = MemoryMarshal.Cast<double, Vector256<double>>(rented.AsSpan());
        Span<Vector256<double>> lower = traces[..Points], upper = traces[Points..(2 * Points)];
        for (var k = 1; k < Points; k += 2)
        {
            NormalPair.From(words.Next(), words.Next(), out var first, out var second);
            (lower[k], upper[k]) = Vector256.Widen(first);
            if (k + 1 < Points) (lower[k + 1], upper[k + 1]) = Vector256.Widen(second);
        }

        Span<Vector256<double>> lowerTheta = stackalloc Vector256<double>[ParameterCount];
        Span<Vector256<double>> upperTheta = stackalloc Vector256<double>[ParameterCount];
        for (var i = 0; i < ParameterCount; i++) (lowerTheta[i], upperTheta[i]) = Vector256.Widen(theta[i]);
        new MembraneLanes(lowerTheta).Integrate(new MembraneLanes(upperTheta), lower, upper);

        Span<Vector256<double>> lowerSummary = stackalloc Vector256<double>[TraceSummary.Size];
        Span<Vector256<double>> upperSummary = stackalloc Vector256<double>[TraceSummary.Size];
        TraceSummary.Of(lower, lowerSummary);
        TraceSummary.Of(upper, upperSummary);
        ArrayPool<double>.Shared.Return(rented);
        GiveShapeToConstants(lowerSummary);
        GiveShapeToConstants(upperSummary);
        for (var i = 0; i < x.Length; i++) x[i] = Vector256.Narrow(lowerSummary[i], upperSummary[i]);
    }

    /// <summary>A constant trace has skewness and kurtosis 0/0, which the original stores as NaN, and its training then skips
    /// each batch with such a row. Rows cannot be left out either: row i is a function of (seed, i). So a constant trace has by
    /// rule the shape of its limit, a trace of nothing but ever smaller normal noise: skewness 0 and kurtosis 3.</summary>
    internal static void GiveShapeToConstants(Span<Vector256<double>> summary)
    {
        var isConstant = Vector256.LessThan(summary[4], Vector256.Create(Constant));
        summary[5] = Vector256.ConditionalSelect(isConstant, Vector256<double>.Zero, summary[5]);
        summary[6] = Vector256.ConditionalSelect(isConstant, Vector256.Create(3.0), summary[6]);
    }
}
