using System.Runtime.CompilerServices;
using Amnre.Engine.Waveforms;

namespace Amnre.Engine.Detectors;

/// <summary>A linear combination of the five harmonics (l = 2, m = −2…2) that a precessing binary sends towards an observer:
/// Σ C[m + 2]·e^(imα)·cos(β/2)^(2+m)·sin(β/2)^(2−m).</summary>
/// <remarks>Polarisations, and the strains that detectors make of them, are such combinations, whose factors do not depend on
/// frequency.</remarks>
[InlineArray(Count)]
internal struct Harmonics
{
    public const int Count = 5;

    private System.Numerics.Complex _first;

    public static Harmonics operator +(in Harmonics a, in Harmonics b)
    {
        var sum = a;
        for (var i = 0; i < Count; i++) sum[i] += b[i];
        return sum;
    }

    public static Harmonics operator *(double scale, in Harmonics a)
    {
        var product = a;
        for (var i = 0; i < Count; i++) product[i] *= scale;
        return product;
    }

    /// <summary>h₊ and h×, without the amplitude, phase and ε of the frame that follows the precession.</summary>
    public static (Harmonics Plus, Harmonics Cross) Polarizations(in PrecessionFrame frame)
    {
        var (s, c) = Math.SinCos(frame.ThetaJN);
        var k = Math.Sqrt(5 / (64 * Math.PI));
        // Spin-weighted harmonics of spin −2 and l = 2 at azimuth 0, and the factors of Wigner's d in the powers of cos and sin.
        ReadOnlySpan<double> y =
            [k * (1 - c) * (1 - c), 2 * k * s * (1 - c), Math.Sqrt(6) * k * s * s, 2 * k * s * (1 + c), k * (1 + c) * (1 + c)];
        ReadOnlySpan<double> wigner = [1, 2, Math.Sqrt(6), 2, 1];
        var (sin, cos) = Math.SinCos(2 * frame.Zeta);
        Harmonics plus = default, cross = default;
        for (var i = 0; i < Count; i++)
        {
            var mirrored = (i % 2 == 0 ? 1 : -1) * y[Count - 1 - i];
            double p = 0.5 * wigner[i] * (mirrored + y[i]), x = 0.5 * wigner[i] * (mirrored - y[i]);
            // The second polarisation of the model's frame has a factor i of its own.
            plus[i] = new(cos * p, sin * x);
            cross[i] = new(-sin * p, cos * x);
        }

        return (plus, cross);
    }
}
