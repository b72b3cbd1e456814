using System.Numerics;
using Amnre.Engine.ComplexAlgebra;
using Amnre.Engine.Detectors;
using Amnre.Engine.Randomness;
using Amnre.Engine.Waveforms;
using MathNet.Numerics.LinearAlgebra.Complex;

namespace Amnre.Engine.ReducedBases;

/// <summary>The subspace in which whitened signals lie best: the leading right singular vectors of the matrix A of simulated strains, by
/// a randomised singular value decomposition with power iterations.</summary>
/// <remarks>Halko, Martinsson, Tropp: Finding structure with randomness (2011), with A^H for the transpose. A is never stored: simulating
/// it again for each iteration is quicker than reading it. The bytes do not depend on the number of threads.</remarks>
internal static class SignalSubspace
{
    /// <summary>Vectors beyond those asked for, which make the last ones of those good.</summary>
    private const int Spare = 16;

    private const int Iterations = 4;

    /// <param name="observatory">What whitens the signals.</param>
    /// <param name="seed">Names the signals and the first guess.</param>
    /// <param name="draws">Binaries; each gives two strains.</param>
    /// <param name="columns">Vectors wanted.</param>
    /// <param name="context">What surrounds the run.</param>
    /// <param name="report">Receives the parts of the work that are done, of 1.</param>
    /// <returns>V and its singular values; null when asked to drain.</returns>
    public static (float[] Vectors, double[] Singular)? Build(
        Observatory observatory, ulong seed, int draws, int columns, RunContext context, Action<double> report)
    {
        var width = ComplexPanels.Groups(columns + Spare, ComplexPanels.Columns) * ComplexPanels.Columns;
        var guess = Guess(seed, width);
        guess.Orthonormalize();
        for (var iteration = 0; ; iteration++)
        {
            var done = iteration;
            if (GramProduct.Of(observatory, seed, draws, guess, context, part => report((done + part) / Iterations)) is not { } product)
                return null;
            if (iteration == Iterations - 1) return Leading(guess, product, columns);
            product.Orthonormalize();
            guess = product;
        }
    }

    private static OrthonormalColumns Guess(ulong seed, int width)
    {
        var guess = new OrthonormalColumns(ReducedBasis.Inner, width);
        for (var j = 0; j < width; j++)
        {
            var random = new CounterRandom(seed, RandomPurpose.ReducedBasis, ulong.MaxValue - (ulong)j);
            var values = new float[2 * ReducedBasis.Inner];
            WhiteNoise.Add(ref random, values);
            for (var k = 0; k < ReducedBasis.Inner; k++) (guess.Real[j][k], guess.Imaginary[j][k]) = (values[2 * k], values[2 * k + 1]);
        }

        return guess;
    }

    /// <summary>The best vectors in the span of <paramref name="q"/> (Rayleigh and Ritz).</summary>
    /// <param name="q">Orthonormal.</param>
    /// <param name="product">A^H·A·q.</param>
    /// <param name="columns">Vectors wanted.</param>
    private static (float[], double[]) Leading(OrthonormalColumns q, OrthonormalColumns product, int columns)
    {
        var inside = DenseMatrix.Create(q.Count, q.Count, Complex.Zero);
        for (var i = 0; i < q.Count; i++)
        {
            for (var j = 0; j < q.Count; j++)
            {
                var (re, im) = OrthonormalColumns.Dot(q.Real[i], q.Imaginary[i], product.Real[j], product.Imaginary[j]);
                inside[i, j] = new Complex(re, im);
            }
        }

        // Rounding makes it not quite Hermitian.
        var eigen = ((inside + inside.ConjugateTranspose()) / 2).Evd(MathNet.Numerics.LinearAlgebra.Symmetricity.Hermitian);
        int[] order = [.. Enumerable.Range(0, q.Count).OrderByDescending(i => eigen.EigenValues[i].Real)];
        var vectors = new float[FrequencyGrid.Bins * columns * 2];
        for (var j = 0; j < columns; j++)
        {
            var (re, im) = (new double[q.Rows], new double[q.Rows]);
            for (var i = 0; i < q.Count; i++)
            {
                var factor = eigen.EigenVectors[i, order[j]];
                for (var k = 0; k < q.Rows; k++)
                {
                    re[k] += q.Real[i][k] * factor.Real - q.Imaginary[i][k] * factor.Imaginary;
                    im[k] += q.Real[i][k] * factor.Imaginary + q.Imaginary[i][k] * factor.Real;
                }
            }

            for (var k = 0; k < q.Rows; k++)
            {
                var to = ((FrequencyGrid.First + k) * columns + j) * 2;
                (vectors[to], vectors[to + 1]) = ((float)re[k], (float)im[k]);
            }
        }

        return (vectors, [.. order.Take(columns).Select(i => Math.Sqrt(Math.Max(0, eigen.EigenValues[i].Real)))]);
    }
}
