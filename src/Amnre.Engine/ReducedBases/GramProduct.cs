using Amnre.Engine.ComplexAlgebra;
using Amnre.Engine.Detectors;
using Amnre.Engine.Randomness;
using Amnre.Engine.Waveforms;

namespace Amnre.Engine.ReducedBases;

/// <summary>A^H·A·X for the matrix A of simulated strains, a block of its rows at a time.</summary>
internal static class GramProduct
{
    /// <summary>Megaparsecs at which all binaries of a basis are put, so that near ones do not count for more.</summary>
    public const float Distance = 1000;

    /// <summary>Binaries of one block, 2 strains each.</summary>
    private const int BlockDraws = 240;

    private const int DrawsTogether = ComplexPanels.Rows / 2;

    /// <returns>The product, or null when asked to drain.</returns>
    public static OrthonormalColumns? Of(
        Observatory observatory, ulong seed, int draws, OrthonormalColumns x, RunContext context, Action<double> report)
    {
        const int Inner = ReducedBasis.Inner;
        var width = x.Count;
        var right = RightPanels(x);
        var left = new float[ComplexPanels.LeftLength(2 * BlockDraws, Inner)];
        var adjoint = new float[ComplexPanels.LeftLength(Inner, 2 * BlockDraws)];
        var coefficients = new float[ComplexPanels.RightLength(2 * BlockDraws, width)];
        var binGroups = ComplexPanels.Groups(Inner, ComplexPanels.Rows);
        var sums = new double[ComplexProduct.SumLength(binGroups, width)];
        var options = new ParallelOptions { CancellationToken = context.Stop };
        for (var first = 0; first < draws; first += BlockDraws)
        {
            if (context.Drain.IsCancellationRequested) return null;
            report((double)first / draws);
            var count = Math.Min(BlockDraws, draws - first);
            var start = first;
            Parallel.For(0, ComplexPanels.Groups(count, DrawsTogether), options, () => new WaveBuffers(), (group, _, buffers) =>
            {
                Simulate(observatory, seed, start, group, count, buffers, left);
                Project(left, right, group, width, coefficients);
                return buffers;
            }, static _ => { });
            Parallel.For(0, binGroups, options, group =>
            {
                Adjoin(left, group, adjoint);
                ComplexProduct.Add(
                    adjoint, coefficients, 2 * BlockDraws, 2 * count, width, group, group + 1,
                    sums.AsSpan(group * ComplexProduct.SumLength(1, width), ComplexProduct.SumLength(1, width)));
            });
        }

        return Columns(sums, width);
    }

    /// <summary>Parameters of binary <paramref name="index"/> of a basis.</summary>
    public static BinaryParameters Draw(ulong seed, int index)
    {
        Span<float> theta = stackalloc float[BinaryParameters.Count];
        var random = new CounterRandom(seed, RandomPurpose.ReducedBasis, (ulong)index);
        BinaryPrior.Draw(ref random, theta);
        theta[4] = Distance;
        return BinaryParameters.Of(theta);
    }

    /// <summary>Both strains of three binaries into one group of rows.</summary>
    private static void Simulate(Observatory observatory, ulong seed, int first, int group, int count, WaveBuffers buffers, float[] left)
    {
        for (var i = 0; i < DrawsTogether; i++)
        {
            var draw = group * DrawsTogether + i;
            if (draw < count) observatory.Whiten(Draw(seed, first + draw), buffers);
            // What is beyond the last binary counts as zero.
            else buffers.First.End = buffers.Second.End = FrequencyGrid.First;
            StrainPanels.Write(buffers.First, left, 2 * draw);
            StrainPanels.Write(buffers.Second, left, 2 * draw + 1);
        }
    }

    /// <summary>Coefficients of six strains, as rows of a right factor.</summary>
    private static void Project(float[] left, float[] right, int group, int width, float[] coefficients)
    {
        var sums = new double[ComplexProduct.SumLength(1, width)];
        ComplexProduct.Add(left, right, ReducedBasis.Inner, ReducedBasis.Inner, width, group, group + 1, sums);
        for (var row = 0; row < ComplexPanels.Rows; row++)
        {
            for (var column = 0; column < width; column++)
            {
                var to = ComplexPanels.RightStart(column, 2 * BlockDraws) + (group * ComplexPanels.Rows + row) * ComplexPanels.RightStep;
                var from = ComplexProduct.SumIndex(row, column, width);
                coefficients[to] = (float)sums[from];
                coefficients[to + ComplexPanels.Columns] = (float)sums[from + ComplexProduct.ImaginaryStep];
            }
        }
    }

    /// <summary>Six rows of A^H, that is six bins of all strains, conjugated.</summary>
    private static void Adjoin(float[] left, int group, float[] adjoint)
    {
        for (var strain = 0; strain < 2 * BlockDraws; strain++)
        {
            var start = ComplexPanels.LeftStart(strain, ReducedBasis.Inner);
            for (var i = 0; i < ComplexPanels.Rows; i++)
            {
                var bin = group * ComplexPanels.Rows + i;
                if (bin >= ReducedBasis.Inner) break;
                var from = start + bin * ComplexPanels.LeftStep;
                var to = ComplexPanels.LeftStart(bin, 2 * BlockDraws) + strain * ComplexPanels.LeftStep;
                (adjoint[to], adjoint[to + 1]) = (left[from], -left[from + 1]);
            }
        }
    }

    private static float[] RightPanels(OrthonormalColumns x)
    {
        var panels = new float[ComplexPanels.RightLength(x.Rows, x.Count)];
        for (var j = 0; j < x.Count; j++)
        {
            var start = ComplexPanels.RightStart(j, x.Rows);
            for (var k = 0; k < x.Rows; k++, start += ComplexPanels.RightStep)
                (panels[start], panels[start + ComplexPanels.Columns]) = ((float)x.Real[j][k], (float)x.Imaginary[j][k]);
        }

        return panels;
    }

    private static OrthonormalColumns Columns(double[] sums, int width)
    {
        var columns = new OrthonormalColumns(ReducedBasis.Inner, width);
        for (var j = 0; j < width; j++)
        {
            for (var k = 0; k < ReducedBasis.Inner; k++)
            {
                var from = ComplexProduct.SumIndex(k, j, width);
                (columns.Real[j][k], columns.Imaginary[j][k]) = (sums[from], sums[from + ComplexProduct.ImaginaryStep]);
            }
        }

        return columns;
    }
}
