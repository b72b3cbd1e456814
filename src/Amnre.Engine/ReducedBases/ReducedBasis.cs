using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Amnre.Engine.ComplexAlgebra;
using Amnre.Engine.Waveforms;

namespace Amnre.Engine.ReducedBases;

/// <summary>Orthonormal vectors V (bins, columns) in which whitened strains are written as few numbers: c = x·V.</summary>
internal sealed class ReducedBasis
{
    /// <summary>Bins that both signals and V may have values in.</summary>
    public const int Inner = FrequencyGrid.End - FrequencyGrid.First;

    /// <param name="values">V, complex, (<see cref="FrequencyGrid.Bins"/>, columns) row-major, real and imaginary part in turn.</param>
    /// <param name="columns">Number of vectors.</param>
    public ReducedBasis(float[] values, int columns)
    {
        if (columns < 1 || values.Length != (long)FrequencyGrid.Bins * columns * 2)
            throw new InputException($"a reduced basis of {values.Length} numbers is not ({FrequencyGrid.Bins}, {columns}) complex: give " +
                "one row for each bin from 0 to 1024 Hz");
        if (!values.All(float.IsFinite)) throw new InputException("a reduced basis holds a value that is not finite: build it again");
        (Values, Columns) = (values, columns);
        Panels = new float[ComplexPanels.RightLength(Inner, columns)];
        for (var column = 0; column < columns; column++)
        {
            var start = ComplexPanels.RightStart(column, Inner);
            for (var k = 0; k < Inner; k++, start += ComplexPanels.RightStep)
            {
                var from = ((FrequencyGrid.First + k) * columns + column) * 2;
                (Panels[start], Panels[start + ComplexPanels.Columns]) = (values[from], values[from + 1]);
            }
        }
    }

    public int Columns { get; }

    /// <summary>V, (<see cref="FrequencyGrid.Bins"/>, columns), real and imaginary part in turn.</summary>
    public float[] Values { get; }

    /// <summary>V between <see cref="FrequencyGrid.First"/> and <see cref="FrequencyGrid.End"/> as a right factor.</summary>
    public float[] Panels { get; }

    /// <summary>SHA-256 of V, whatever file it came in; lower-case hexadecimal.</summary>
    public string Digest() => Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(Values.AsSpan())));

    /// <summary>Coefficients of strains.</summary>
    /// <param name="strains">The strains, single precision.</param>
    /// <param name="scale">What the coefficients are multiplied by.</param>
    /// <param name="coefficients">Receives (strains, columns) complex, real and imaginary part in turn.</param>
    public void Project(StrainPanels strains, double scale, Span<float> coefficients)
    {
        var groups = ComplexPanels.Groups(strains.Count, ComplexPanels.Rows);
        var sums = strains.Sums(ComplexProduct.SumLength(groups, Columns));
        ComplexProduct.Add(strains.Values, Panels, Inner, strains.Used, Columns, 0, groups, sums);
        for (var row = 0; row < strains.Count; row++)
        {
            for (var column = 0; column < Columns; column++)
            {
                var from = ComplexProduct.SumIndex(row, column, Columns);
                var to = (row * Columns + column) * 2;
                coefficients[to] = (float)(sums[from] * scale);
                coefficients[to + 1] = (float)(sums[from + ComplexProduct.ImaginaryStep] * scale);
            }
        }
    }
}
