using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Amnre.Engine.Distributions;
using Amnre.Engine.Waveforms;
using static System.Runtime.Intrinsics.Vector256;

namespace Amnre.Engine.Detectors;

/// <summary>Spectra of a wave in two channels, four frequencies at a time.</summary>
internal static class WaveSpectra
{
    /// <param name="wave">What is sent.</param>
    /// <param name="first">Received into <see cref="WaveBuffers.First"/>.</param>
    /// <param name="second">Received into <see cref="WaveBuffers.Second"/>.</param>
    /// <param name="buffers">Receives both.</param>
    public static void Fill(PrecessingWave wave, in WaveChannel first, in WaveChannel second, WaveBuffers buffers)
    {
        wave.Phase.Fill(wave.Scale, wave.End, buffers.Phase);
        wave.Amplitude.Fill(wave.Scale, wave.End, buffers.Amplitude);
        if (first.Delay == second.Delay) Combine<Together>(wave, first, second, buffers);
        else Combine<Apart>(wave, first, second, buffers);
        buffers.First.End = buffers.Second.End = wave.End;
    }

    private static void Combine<TArrival>(PrecessingWave wave, in WaveChannel first, in WaveChannel second, WaveBuffers buffers)
        where TArrival : IArrival
    {
        var (scale, angles) = (wave.Scale, wave.Angles);
        var (a, b) = (new HarmonicLanes(first.Harmonics), new HarmonicLanes(second.Harmonics));
        var constant = Create(2 * wave.Frame.PhiAligned);
        var slope = Create(-2 * Math.PI * FrequencyGrid.Spacing * (wave.TimeCorrection + first.Delay));
        var later = Create(-2 * Math.PI * FrequencyGrid.Spacing * (second.Delay - first.Delay));
        for (var k = FrequencyGrid.First; k < wave.End; k += 4)
        {
            var f = scale.At(k);
            var bin = Create((double)k) + Create(0.0, 1, 2, 3);
            var alpha = angles.Alpha(f);
            var (cos, sin) = angles.HalfOpening(f);
            var phase = FusedMultiplyAdd(bin, slope, constant) - MassScale.Load(buffers.Phase, k);
            // The lowest harmonic's e^(−2iα) is taken out, so that the others follow in powers of e^(iα).
            phase -= 2 * (alpha + angles.Epsilon(f));
            ReproducibleMath.SinCos(phase, out var imaginary, out var real);
            ReproducibleMath.SinCos(alpha, out var alphaSin, out var alphaCos);
            var size = MassScale.Load(buffers.Amplitude, k) * MassScale.Load(FrequencyGrid.Falls, k) * Create(wave.Size);
            (alphaCos, alphaSin) = (alphaCos * cos, alphaSin * cos);

            Store(buffers.First, k, a.At(alphaCos, alphaSin, sin), (real, imaginary), size * MassScale.Load(first.Weights, k));
            if (TArrival.Differs)
            {
                ReproducibleMath.SinCos(bin * later, out var turnSin, out var turnCos);
                (real, imaginary) = (
                    FusedMultiplyAdd(real, turnCos, -(imaginary * turnSin)), FusedMultiplyAdd(real, turnSin, imaginary * turnCos));
            }

            Store(buffers.Second, k, b.At(alphaCos, alphaSin, sin), (real, imaginary), size * MassScale.Load(second.Weights, k));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(
        Spectrum spectrum, int k, (Vector256<double> Re, Vector256<double> Im) sum, (Vector256<double> Re, Vector256<double> Im) turn,
        Vector256<double> size)
    {
        (size * FusedMultiplyAdd(sum.Re, turn.Re, -(sum.Im * turn.Im))).CopyTo(spectrum.Real, k);
        (size * FusedMultiplyAdd(sum.Re, turn.Im, sum.Im * turn.Re)).CopyTo(spectrum.Imaginary, k);
    }

    /// <summary>The factors of <see cref="Harmonics"/> in all lanes.</summary>
    private readonly struct HarmonicLanes(in Harmonics c)
    {
        private readonly Harmonics _c = c;

        /// <summary>Horner's scheme in z = cos(β/2)·e^(iα) and s = sin(β/2): Σ C[i]·z^i·s^(4−i).</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public (Vector256<double> Re, Vector256<double> Im) At(Vector256<double> zRe, Vector256<double> zIm, Vector256<double> s)
        {
            var power = s;
            var (re, im) = (Create(_c[4].Real), Create(_c[4].Imaginary));
            Step(ref re, ref im, zRe, zIm, power, _c[3]);
            power *= s;
            Step(ref re, ref im, zRe, zIm, power, _c[2]);
            power *= s;
            Step(ref re, ref im, zRe, zIm, power, _c[1]);
            power *= s;
            Step(ref re, ref im, zRe, zIm, power, _c[0]);
            return (re, im);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Step(
            ref Vector256<double> re, ref Vector256<double> im, Vector256<double> zRe, Vector256<double> zIm, Vector256<double> power,
            System.Numerics.Complex c)
        {
            var next = FusedMultiplyAdd(re, zRe, FusedMultiplyAdd(im, -zIm, power * Create(c.Real)));
            im = FusedMultiplyAdd(re, zIm, FusedMultiplyAdd(im, zRe, power * Create(c.Imaginary)));
            re = next;
        }
    }

    /// <summary>Whether the second channel receives the wave at a time of its own.</summary>
    private interface IArrival
    {
        static abstract bool Differs { get; }
    }

    private readonly struct Together : IArrival
    {
        public static bool Differs => false;
    }

    private readonly struct Apart : IArrival
    {
        public static bool Differs => true;
    }
}
