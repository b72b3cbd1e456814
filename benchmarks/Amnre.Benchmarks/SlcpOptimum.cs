using System.Globalization;
using System.Numerics;
using Amnre.Engine;
using Amnre.Engine.Evaluation;
using Amnre.Engine.Masks;
using Amnre.Engine.Simulators;
using Amnre.Engine.Truth;
using MathNet.Numerics.Statistics;

namespace Amnre.Benchmarks;

/// <summary>Loss, mutual information and area under the ROC curve of the exact ratio of SLCP for each subset of its parameters, with
/// standard errors: what no estimator can be better than.</summary>
internal static class SlcpOptimum
{
    public const string Header = "mask,loss,loss_error,information,information_error,auc,auc_error";

    private const int Parameters = 5, Observed = 8;
    private const ulong Seed = 2026;

    /// <summary>Writes the table over <paramref name="rows"/> observations, each with its own parameters and with those of the
    /// next.</summary>
    public static void Write(string path, int rows)
    {
        var (joint, others) = LogRatios(rows);
        var lines = Enumerable.Range(1, joint.Length).OrderBy(bits => BitOperations.PopCount((uint)bits)).Select(bits =>
        {
            var (own, other) = (joint[bits - 1], others[bits - 1]);
            var (before, after) = (Placements(own, other),
                Placements([.. other.Select(value => -value)], [.. own.Select(value => -value)]));
            // An observation is in both kinds of pairs, so its two terms go together.
            var (loss, lossError) = Mean([.. own.Zip(other, (a, b) => PairTests.Softplus(-a) + PairTests.Softplus(b))]);
            var (information, informationError) = Mean(own);
            var (_, areaError) = Mean([.. before.Zip(after, (a, b) => a + b)]);
            return string.Create(CultureInfo.InvariantCulture,
                $"{new ParameterMask((uint)bits, Parameters)},{loss:0.000},{lossError:0.000},{information:0.000}," +
                    $"{informationError:0.000},{before.Average():0.0000},{areaError:0.0000}");
        });
        AtomicFile.WriteText(path, string.Join('\n', lines.Prepend(Header)) + "\n");
    }

    /// <summary>Of each subset, the logarithms of the ratios of the observations with their own parameters, and with those of the
    /// next.</summary>
    private static (double[][] Joint, double[][] Others) LogRatios(int rows)
    {
        var (theta, x) = (new float[rows * Parameters], new float[rows * Observed]);
        new Slcp().Sample(Seed, 0, theta, x);
        var subsets = (1 << Parameters) - 1;
        var (joint, others) = (Enumerable.Range(0, subsets).Select(_ => new double[rows]).ToArray(),
            Enumerable.Range(0, subsets).Select(_ => new double[rows]).ToArray());
        var done = 0;
        Parallel.For(0, rows, row =>
        {
            var ratios = SlcpRatios.Of(x.AsSpan(row * Observed, Observed));
            for (var bits = 1; bits <= subsets; bits++)
            {
                var mask = new ParameterMask((uint)bits, Parameters);
                joint[bits - 1][row] = ratios.Log(mask, theta.AsSpan(row * Parameters, Parameters));
                others[bits - 1][row] = ratios.Log(mask, theta.AsSpan((row + 1) % rows * Parameters, Parameters));
            }

            if (Interlocked.Increment(ref done) is var count && count % 256 == 0)
                Console.Error.WriteLine($"{count} of {rows} observations");
        });
        return (joint, others);
    }

    /// <summary>Of each of <paramref name="values"/>, the part of <paramref name="others"/> below it, ties by half: their mean is the area
    /// under the ROC curve, and they are the terms of its variance (DeLong 1988).</summary>
    private static double[] Placements(double[] values, double[] others)
    {
        var sorted = others.Order().ToArray();
        return Array.ConvertAll(values,
            value => (SortedArrayStatistics.EmpiricalCDF(sorted, Math.BitDecrement(value))
                + SortedArrayStatistics.EmpiricalCDF(sorted, value)) / 2);
    }

    private static (double Mean, double Error) Mean(double[] values)
    {
        var mean = values.Average();
        return (mean, Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / values.Length / (values.Length - 1)));
    }
}
