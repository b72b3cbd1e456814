using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Amnre.Engine.Distributions;

namespace Amnre.Engine.Truth;

/// <summary>The posterior N(mean, σ²) of one mean of SLCP given its scale, cut to the box, as narrow pieces of known mass.</summary>
internal sealed class MeanPieces
{
    private MeanPieces(int[] cells, Vector256<float>[] centres, Vector256<float>[] masses, double total) =>
        (Cells, Centres, Masses, Total) = (cells, centres, masses, total);

    /// <summary>Histogram cell of each piece.</summary>
    public int[] Cells { get; }

    /// <summary>Middles of the pieces, (m − mean)/σ; filled up to whole vectors.</summary>
    public Vector256<float>[] Centres { get; }

    /// <summary>Masses of the pieces; 0 in the filling.</summary>
    public Vector256<float>[] Masses { get; }

    public double Total { get; }

    public static MeanPieces Of(double mean, double sigma, double bound, int bins)
    {
        // Cells wider than a third of σ are cut, so that what else depends on m is constant enough on a piece.
        const double Widest = 0.35, Reach = 7;
        var width = 2 * bound / bins;
        var middle = Math.Clamp(mean, -bound, bound);
        var (cells, centres, masses) = (new List<int>(), new List<float>(), new List<float>());
        var total = 0.0;
        for (var cell = 0; cell < bins; cell++)
        {
            var low = Math.Max(-bound + cell * width, middle - Reach * sigma);
            var high = Math.Min(-bound + (cell + 1) * width, middle + Reach * sigma);
            if (low >= high) continue;
            var count = (int)Math.Ceiling((high - low) / (Widest * sigma));
            for (var i = 0; i < count; i++)
            {
                var left = (low + (high - low) * i / count - mean) / sigma;
                var right = (low + (high - low) * (i + 1) / count - mean) / sigma;
                var mass = NormalTail.Between(left, right);
                cells.Add(cell);
                centres.Add((float)((left + right) / 2));
                masses.Add((float)mass);
                total += mass;
            }
        }

        return new MeanPieces([.. cells], Lanes(centres), Lanes(masses), total);
    }

    private static Vector256<float>[] Lanes(List<float> values)
    {
        var lanes = new Vector256<float>[(values.Count + 7) / 8];
        CollectionsMarshal.AsSpan(values).CopyTo(MemoryMarshal.Cast<Vector256<float>, float>(lanes.AsSpan()));
        return lanes;
    }
}
