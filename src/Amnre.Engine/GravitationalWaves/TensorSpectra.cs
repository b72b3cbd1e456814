using Amnre.Engine.Detectors;
using Amnre.Engine.Native;
using Amnre.Engine.Networks;
using Amnre.Engine.Waveforms;
using static TorchSharp.torch;

namespace Amnre.Engine.GravitationalWaves;

/// <summary>Spectra of many waves in two channels as tensors on any device: what <see cref="WaveSpectra"/> computes of one.</summary>
/// <remarks>Phases are thousands of radians. They are sums of functions of frequency (<see cref="VelocitySeries"/>), so that a product of
/// matrices in double precision makes them, in turns, whose whole part is dropped; from there on single precision does.</remarks>
internal sealed class TensorSpectra : IDisposable
{
    private const int Inner = FrequencyGrid.End - FrequencyGrid.First;

    private readonly Tensor _functions, _bins, _weights;

    /// <param name="first">Factor of each bin in the first channel, over the grid.</param>
    /// <param name="second">In the second.</param>
    /// <param name="device">Where the tensors live.</param>
    public TensorSpectra(double[] first, double[] second, Device device)
    {
        TorchLibrary.EnsureLoaded();
        using var scope = NewDisposeScope();
        var weights = new float[WaveFactors.Channels * Inner];
        for (var k = 0; k < Inner; k++)
        {
            var bin = FrequencyGrid.First + k;
            (weights[k], weights[Inner + k]) = ((float)(FrequencyGrid.Falls[bin] * first[bin]),
                (float)(FrequencyGrid.Falls[bin] * second[bin]));
        }

        _functions = tensor(VelocitySeries.Table(), VelocitySeries.Count, Inner).to(device).DetachFromDisposeScope();
        _bins = tensor([.. Enumerable.Range(FrequencyGrid.First, Inner).Select(bin => (double)bin)]).to(device).DetachFromDisposeScope();
        _weights = tensor(weights, WaveFactors.Channels, Inner).to(device).DetachFromDisposeScope();
    }

    public Device Device => _bins.device;

    /// <summary>Complex, single precision (waves, 2, bins), from bin <see cref="FrequencyGrid.First"/> on. Call in a scope that disposes
    /// tensors.</summary>
    /// <param name="factors">(waves, <see cref="WaveFactors.Count"/>), double precision, on the device.</param>
    /// <param name="bins">Bins of the longest of the waves; all others are zero in the rest.</param>
    public Tensor Of(Tensor factors, int bins)
    {
        var k = _bins.narrow(0, 0, bins);
        using var sums = matmul(
            factors.narrow(1, 0, WaveFactors.SumNumbers).reshape(-1, WaveFactors.Sums, VelocitySeries.Count),
            _functions.narrow(1, 0, bins));
        var size = (Amplitude(factors, sums, k) * SingleColumn(factors, WaveFactors.Size)).unsqueeze(1) * _weights.narrow(1, 0, bins);
        var time = factors.narrow(1, WaveFactors.Turns, WaveFactors.Channels).unsqueeze(2) * k;
        return Harmonic(factors, sums) * polar(size, Angle(Phase(factors, sums, k).unsqueeze(1).Plus(time)));
    }

    public void Dispose()
    {
        _functions.Dispose();
        _bins.Dispose();
        _weights.Dispose();
    }

    /// <summary>(waves, bins), turns, without what the channels' times add.</summary>
    private static Tensor Phase(Tensor factors, Tensor sums, Tensor k)
    {
        using var scope = NewDisposeScope();
        var angle = (Column(factors, WaveFactors.ArctangentSlope) * k).Plus(Column(factors, WaveFactors.ArctangentOffset)).atan_();
        var merger = sums.select(1, WaveFactors.PhaseMerger).Plus(Column(factors, WaveFactors.ArctangentFactor) * angle);
        var late = where(k < Column(factors, WaveFactors.PhaseMergerStart), sums.select(1, WaveFactors.PhaseIntermediate), merger);
        return where(k < Column(factors, WaveFactors.PhaseInspiralEnd), sums.select(1, WaveFactors.PhaseInspiral), late)
            .MoveToOuterDisposeScope();
    }

    /// <summary>B, single precision (waves, bins), zero after the signal.</summary>
    private static Tensor Amplitude(Tensor factors, Tensor sums, Tensor k)
    {
        using var scope = NewDisposeScope();
        var distance = (Column(factors, WaveFactors.DistanceSlope) * k).Plus(Column(factors, WaveFactors.DistanceOffset))
            .to(ScalarType.Float32);
        var merger = (distance * -SingleColumn(factors, WaveFactors.Decay)).exp_() * SingleColumn(factors, WaveFactors.Height)
            / (distance * distance).Plus(SingleColumn(factors, WaveFactors.SquaredWidth));
        var late = where(k < Column(factors, WaveFactors.AmplitudePeak),
            sums.select(1, WaveFactors.AmplitudeIntermediate).to(ScalarType.Float32), merger);
        var all = where(k < Column(factors, WaveFactors.AmplitudeInspiralEnd),
            sums.select(1, WaveFactors.AmplitudeInspiral).to(ScalarType.Float32), late);
        return where(k < Column(factors, WaveFactors.End), all, zeros_like(all)).MoveToOuterDisposeScope();
    }

    /// <summary>The combination of harmonics in each channel, complex (waves, 2, bins): Σ C[i]·z^i·s^(4−i), z = cos(β/2)·e^(iα), s =
    /// sin(β/2), by Horner's scheme.</summary>
    private static Tensor Harmonic(Tensor factors, Tensor sums)
    {
        using var scope = NewDisposeScope();
        var along = sums.select(1, WaveFactors.Along).to(ScalarType.Float32);
        var across = SingleColumn(factors, WaveFactors.InPlane);
        var total = hypot(along, across);
        // 1 − cos β would lose the digits of small angles.
        var cos = (total.Plus(along.abs()) / (total * Number.Of(2.0))).sqrt_();
        var sin = across / (total * cos * Number.Of(2.0));
        var z = polar(cos, Angle(sums.select(1, WaveFactors.Alpha))).unsqueeze(1);
        sin = sin.unsqueeze(1);

        var c = factors.narrow(1, WaveFactors.HarmonicNumbers, WaveFactors.Channels * Harmonics.Count * 2).to(ScalarType.Float32)
            .reshape(-1, WaveFactors.Channels, Harmonics.Count, 2).view_as_complex();
        var (sum, power) = (c.narrow(2, Harmonics.Count - 1, 1), sin);
        for (var i = Harmonics.Count - 2; i >= 0; i--, power *= sin) sum = (sum * z).Plus(c.narrow(2, i, 1) * power);
        return sum.MoveToOuterDisposeScope();
    }

    /// <summary>Radians, single precision, of turns.</summary>
    private static Tensor Angle(Tensor turns)
    {
        using var fraction = turns.frac();
        using var single = fraction.to(ScalarType.Float32);
        return single * Number.Of(2 * Math.PI);
    }

    private static Tensor Column(Tensor factors, int column) => factors.narrow(1, column, 1);

    private static Tensor SingleColumn(Tensor factors, int column) => factors.narrow(1, column, 1).to(ScalarType.Float32);
}
