using System.Runtime.Intrinsics;
using static System.Runtime.Intrinsics.Vector256;

namespace Amnre.Engine.Simulators;

/// <summary>Seven summary statistics of a potential trace: number of spikes under current; mean of the rest, spread (population
/// standard deviation) of the late rest; mean, variance, skewness and kurtosis (not excess) under current.</summary>
/// <remarks>Population moments. A trace constant under current has skewness and kurtosis 0/0 = NaN. The lanes do the
/// operations of the scalar form in the same order: same bits.</remarks>
internal static class TraceSummary
{
    public const int Size = 7;

    /// <summary>Excursions that stay below are no spikes (mV).</summary>
    private const double Floor = -10;

    /// <summary>Peaks closer than this to the one before are part of it (ms).</summary>
    private const double Refractory = 0.5;

    /// <param name="trace">At least <see cref="CurrentStep.SummaryPoints"/> potentials (mV).</param>
    /// <param name="summary">Receives the seven statistics.</param>
    public static void Of(ReadOnlySpan<double> trace, Span<double> summary)
    {
        var rest = trace[..CurrentStep.Onset];
        var late = trace[CurrentStep.LateRest..CurrentStep.Onset];
        var stimulus = trace[(CurrentStep.Onset + 1)..CurrentStep.End];
        summary[0] = Spikes(trace);
        summary[1] = Mean(rest);
        var (lateVariance, _, _) = CentralMoments(late, Mean(late));
        summary[2] = Math.Sqrt(lateVariance);
        summary[3] = Mean(stimulus);
        var (variance, third, fourth) = CentralMoments(stimulus, summary[3]);
        summary[4] = variance;
        summary[5] = third / (variance * Math.Sqrt(variance));
        summary[6] = fourth / (variance * variance);
    }

    /// <inheritdoc cref="Of(ReadOnlySpan{double}, Span{double})"/>
    public static void Of(ReadOnlySpan<Vector256<double>> trace, Span<Vector256<double>> summary)
    {
        var rest = trace[..CurrentStep.Onset];
        var late = trace[CurrentStep.LateRest..CurrentStep.Onset];
        var stimulus = trace[(CurrentStep.Onset + 1)..CurrentStep.End];
        summary[0] = Spikes(trace);
        summary[1] = Mean(rest);
        var (lateVariance, _, _) = CentralMoments(late, Mean(late));
        summary[2] = Sqrt(lateVariance);
        summary[3] = Mean(stimulus);
        var (variance, third, fourth) = CentralMoments(stimulus, summary[3]);
        summary[4] = variance;
        summary[5] = third / (variance * Sqrt(variance));
        summary[6] = fourth / (variance * variance);
    }

    /// <summary>Of the trace raised to the floor, every point that falls to the next is put back to the floor, the peak
    /// among them; where the rest still falls stood the last point before a peak. Such a point counts when the one before it,
    /// counted or not, is far enough back.</summary>
    private static double Spikes(ReadOnlySpan<double> trace)
    {
        var (count, previous) = (0.0, double.NegativeInfinity);
        for (var k = CurrentStep.Onset + 1; k < CurrentStep.End; k++)
        {
            var time = k * CurrentStep.Dt;
            if (!(Rising(trace, k + 1) < Rising(trace, k))) continue;
            if (time - previous > Refractory) count++;
            previous = time;
        }

        return count;

        static double Rising(ReadOnlySpan<double> trace, int k)
        {
            var (here, next) = (Raised(trace[k]), Raised(trace[k + 1]));
            return next < here ? Floor : here;
        }

        static double Raised(double v) => v < Floor ? Floor : v;
    }

    private static Vector256<double> Spikes(ReadOnlySpan<Vector256<double>> trace)
    {
        var floor = Create(Floor);
        var (count, previous) = (Vector256<double>.Zero, Create(double.NegativeInfinity));
        var (raised, rising) = (floor, floor);
        for (var k = CurrentStep.Onset + 1; k <= CurrentStep.End + 1; k++)
        {
            // Here `raised` belongs to k − 1 and `rising` to k − 2.
            var next = ConditionalSelect(LessThan(trace[k], floor), floor, trace[k]);
            var nextRising = ConditionalSelect(LessThan(next, raised), floor, raised);
            if (k >= CurrentStep.Onset + 3)
            {
                var time = Create((k - 2) * CurrentStep.Dt);
                var peak = LessThan(nextRising, rising);
                count += peak & GreaterThan(time - previous, Create(Refractory)) & Vector256<double>.One;
                previous = ConditionalSelect(peak, time, previous);
            }

            (raised, rising) = (next, nextRising);
        }

        return count;
    }

    private static double Mean(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values) sum += value;
        return sum / values.Length;
    }

    private static Vector256<double> Mean(ReadOnlySpan<Vector256<double>> values)
    {
        var sum = Vector256<double>.Zero;
        foreach (var value in values) sum += value;
        return sum / Create((double)values.Length);
    }

    private static (double Second, double Third, double Fourth) CentralMoments(ReadOnlySpan<double> values, double mean)
    {
        var (second, third, fourth) = (0.0, 0.0, 0.0);
        foreach (var value in values)
        {
            var d = value - mean;
            var square = d * d;
            second += square;
            third += square * d;
            fourth += square * square;
        }

        return (second / values.Length, third / values.Length, fourth / values.Length);
    }

    private static (Vector256<double> Second, Vector256<double> Third, Vector256<double> Fourth) CentralMoments(
        ReadOnlySpan<Vector256<double>> values, Vector256<double> mean)
    {
        var (second, third, fourth) = (Vector256<double>.Zero, Vector256<double>.Zero, Vector256<double>.Zero);
        foreach (var value in values)
        {
            var d = value - mean;
            var square = d * d;
            second += square;
            third += square * d;
            fourth += square * square;
        }

        var count = Create((double)values.Length);
        return (second / count, third / count, fourth / count);
    }
}
