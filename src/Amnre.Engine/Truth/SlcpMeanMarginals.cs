using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Amnre.Engine.Distributions;

namespace Amnre.Engine.Truth;

/// <summary>Pair marginals of one mean of SLCP with both scales and with the shape θ₅, and the pairs of these three: sums over
/// quadrature points, the other mean integrated over the box in closed form.</summary>
/// <remarks>Given the rest, the mean is N(x̄, s²/4), and the other mean given it is normal as well. Tables hold θ₃, θ₄ ≥ 0 only,
/// in the cells of their side. "Own" is the scale of the mean's coordinate, "other" that of the other coordinate.</remarks>
internal sealed class SlcpMeanMarginals
{
    /// <summary>Beyond so many standard deviations a bound cuts nothing off, whatever the correlation.</summary>
    private const double Far = 10;

    private readonly int _bins;

    private SlcpMeanMarginals(int bins)
    {
        _bins = bins;
        (MeanOwn, MeanOther, MeanShape) = (new double[bins * bins], new double[bins * bins], new double[bins * bins]);
        (OwnOther, OwnShape, OtherShape) = (new double[bins * bins], new double[bins * bins], new double[bins * bins]);
    }

    public double[] MeanOwn { get; }

    public double[] MeanOther { get; }

    public double[] MeanShape { get; }

    public double[] OwnOther { get; }

    public double[] OwnShape { get; }

    public double[] OtherShape { get; }

    /// <param name="data">The observation, its first coordinate the mean's.</param>
    /// <param name="own">Points of the first coordinate's scale.</param>
    /// <param name="other">Points of the second coordinate's scale.</param>
    /// <param name="shape">Points of θ₅.</param>
    /// <param name="row">Weights over the shape points for an (own, other) pair.</param>
    /// <param name="bins">Cells per dimension.</param>
    public static SlcpMeanMarginals Of(
        SlcpData data, QuadraturePoint[] own, QuadraturePoint[] other, QuadraturePoint[] shape, WeightRow row, int bins)
    {
        var result = new SlcpMeanMarginals(bins);
        for (var i = 0; i < own.Length; i++) result.Add(data, own[i], i, other, shape, row);
        return result;
    }

    private void Add(
        SlcpData data, QuadraturePoint own, int ownIndex, QuadraturePoint[] other, QuadraturePoint[] shape, WeightRow row)
    {
        const double Bound = SlcpScaleWeights.Bound;
        var rootPoints = Math.Sqrt(data.Points);
        var pieces = MeanPieces.Of(data.Mean1, SlcpScaleWeights.Scale(own) / rootPoints, Bound, _bins);
        var lanes = pieces.Masses.Length;
        var (forOther, forShape) = (new Vector256<float>[lanes], new Vector256<float>[lanes * shape.Length]);
        var uncut = new double[shape.Length];
        for (var j = 0; j < other.Length; j++)
        {
            var weights = row(ownIndex, j);
            var sigma = SlcpScaleWeights.Scale(other[j]) / rootPoints;
            var (low, high) = ((-Bound - data.Mean2) / sigma, (Bound - data.Mean2) / sigma);
            Array.Clear(forOther);
            var plain = 0.0;
            for (var k = 0; k < shape.Length; k++)
            {
                if (weights[k] == 0) continue;
                double inside;
                if (low < -Far && high > Far)
                {
                    inside = weights[k] * pieces.Total;
                    plain += weights[k];
                    uncut[k] += weights[k];
                }
                else
                {
                    inside = Cut(pieces, weights[k], shape[k].Value, low, high, forOther, forShape.AsSpan(k * lanes, lanes));
                }

                OwnShape[own.Cell * _bins + shape[k].Cell] += inside;
                OtherShape[other[j].Cell * _bins + shape[k].Cell] += inside;
                OwnOther[own.Cell * _bins + other[j].Cell] += inside;
            }

            Scatter(pieces, forOther, plain, own.Cell, MeanOwn);
            Scatter(pieces, forOther, plain, other[j].Cell, MeanOther);
        }

        for (var k = 0; k < shape.Length; k++)
            Scatter(pieces, forShape.AsSpan(k * lanes, lanes), uncut[k], shape[k].Cell, MeanShape);
    }

    /// <summary>Multiplies each piece by the chance that the other mean lies in the box: given t standard deviations of this mean,
    /// the other is normal with mean ρt and deviation √(1−ρ²) = 1/cosh θ₅, in units of its own.</summary>
    private static double Cut(
        MeanPieces pieces, float weight, double shape, double low, double high,
        Span<Vector256<float>> forOther, Span<Vector256<float>> forShape)
    {
        var (cosh, slope) = (Math.Cosh(shape), Vector256.Create((float)-Math.Sinh(shape)));
        var (lowest, highest) = (Vector256.Create((float)(low * cosh)), Vector256.Create((float)(high * cosh)));
        var scale = Vector256.Create(weight);
        var sum = Vector256<float>.Zero;
        for (var p = 0; p < forOther.Length; p++)
        {
            var centre = pieces.Centres[p];
            var inside = NormalTail.Between(
                Vector256.FusedMultiplyAdd(slope, centre, lowest), Vector256.FusedMultiplyAdd(slope, centre, highest));
            var mass = inside * pieces.Masses[p] * scale;
            forOther[p] += mass;
            forShape[p] += mass;
            sum += mass;
        }

        return Vector256.Sum(sum);
    }

    private void Scatter(MeanPieces pieces, ReadOnlySpan<Vector256<float>> cut, double plain, int column, double[] table)
    {
        var masses = MemoryMarshal.Cast<Vector256<float>, float>(pieces.Masses);
        var values = MemoryMarshal.Cast<Vector256<float>, float>(cut);
        for (var p = 0; p < pieces.Cells.Length; p++)
            table[pieces.Cells[p] * _bins + column] += values[p] + plain * masses[p];
    }

    /// <summary>Weights over the shape points of a pair of scale points.</summary>
    public delegate ReadOnlySpan<float> WeightRow(int own, int other);
}
