using Amnre.Engine.Detectors;
using Amnre.Engine.Settings;

namespace Amnre.Engine.ReducedBases;

/// <summary>How much of signals a reduced basis loses: mismatch 1 − |c|/|h|, for strains h with coefficients c.</summary>
/// <param name="Mean">Of all.</param>
/// <param name="Median">Of all.</param>
/// <param name="Percentile99">Only one strain in a hundred is worse.</param>
/// <param name="Largest">Of all.</param>
public sealed record BasisQuality(double Mean, double Median, double Percentile99, double Largest)
{
    internal static BasisQuality Of(double[] mismatch)
    {
        if (mismatch.Length == 0) return new(double.NaN, double.NaN, double.NaN, double.NaN);
        double[] sorted = [.. mismatch.Order()];
        return new(mismatch.Average(), sorted[sorted.Length / 2], sorted[(int)(0.99 * (sorted.Length - 1))], sorted[^1]);
    }

    /// <summary>Mismatch of both strains of each binary that was held out.</summary>
    internal static double[] Mismatch(Observatory observatory, ReducedBasis basis, BasisSettings settings, RunContext context)
    {
        const int Together = 24;
        var mismatch = new double[2 * settings.HeldOut];
        var options = new ParallelOptions { CancellationToken = context.Stop };
        Parallel.For(0, (settings.HeldOut + Together - 1) / Together, options, () => (new WaveBuffers(), new StrainPanels(2 * Together)),
            (block, _, room) =>
        {
            var (buffers, strains) = room;
            strains.Clear();
            var (first, end) = (block * Together, Math.Min(settings.HeldOut, (block + 1) * Together));
            for (var i = first; i < end; i++)
            {
                observatory.Whiten(GramProduct.Draw(settings.Seed, settings.Draws + i), buffers);
                strains.Add(buffers.First);
                strains.Add(buffers.Second);
                mismatch[2 * i] = buffers.First.SquaredLength;
                mismatch[2 * i + 1] = buffers.Second.SquaredLength;
            }

            var coefficients = new float[strains.Count * basis.Columns * 2];
            basis.Project(strains, 1, coefficients);
            for (var row = 0; row < strains.Count; row++)
            {
                var kept = 0.0;
                foreach (var value in coefficients.AsSpan(row * basis.Columns * 2, basis.Columns * 2)) kept += (double)value * value;
                ref var one = ref mismatch[2 * first + row];
                one = 1 - Math.Sqrt(kept / one);
            }

            return room;
        }, static _ => { });
        return mismatch;
    }
}
