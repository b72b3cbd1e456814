using System.Runtime.InteropServices;
using Amnre.Engine.Detectors;
using Amnre.Engine.GravitationalWaves;
using Amnre.Engine.Waveforms;
using TorchSharp;

namespace Amnre.Engine.Tests.GravitationalWaves;

public sealed class TensorSpectraTests
{
    private const double Tolerance = 1e-5;

    private static readonly double[] Ones = [.. Enumerable.Repeat(1.0, FrequencyGrid.Length)];

    private static BinaryParameters[] Binaries =>
        [.. WaveVectors.Cases.Select(WaveVectors.Parameters), .. WaveDraws.Corners(), .. WaveDraws.Of(WaveDraws.Prior(300))];

    [Fact]
    public void Polarisations_are_those_of_the_processor_in_every_vector_corner_and_draw()
    {
        using var spectra = new TensorSpectra(Ones, Ones, torch.CPU);

        Assert.InRange(Worst(spectra, Binaries, (_, wave) =>
        {
            var (plus, cross) = Harmonics.Polarizations(wave.Frame);
            return (WaveChannel.Plain(plus), WaveChannel.Plain(cross));
        }), 0, Tolerance);
    }

    [Fact]
    public void Whitened_strains_are_those_of_the_processor_in_every_vector_corner_and_draw()
    {
        var observatory = StrainData.Observatory;
        using var spectra = new TensorSpectra(observatory.Noise[0].Whitening, observatory.Noise[1].Whitening, torch.CPU);

        Assert.InRange(Worst(spectra, Binaries, (p, wave) => observatory.Channels(p, wave)), 0, Tolerance);
    }

    /// <summary>The largest difference of a bin, in parts of the largest bin of its spectrum.</summary>
    private static double Worst(TensorSpectra spectra, BinaryParameters[] binaries,
        Func<BinaryParameters, PrecessingWave, (WaveChannel, WaveChannel)> receive)
    {
        var worst = 0.0;
        var buffers = new WaveBuffers();
        foreach (var some in binaries.Chunk(40))
        {
            PrecessingWave[] waves = [.. some.Select(p => new PrecessingWave(p))];
            (WaveChannel First, WaveChannel Second)[] channels = [.. some.Zip(waves, receive)];
            var bins = waves.Max(wave => wave.End) - FrequencyGrid.First;
            var values = Values(spectra, waves, channels, bins);
            for (var i = 0; i < some.Length; i++)
            {
                WaveSpectra.Fill(waves[i], channels[i].First, channels[i].Second, buffers);
                worst = Math.Max(worst, Math.Max(
                    Difference(buffers.First, values.AsSpan(2 * i * bins * 2, bins * 2)),
                    Difference(buffers.Second, values.AsSpan((2 * i + 1) * bins * 2, bins * 2))));
            }
        }

        return worst;
    }

    private static float[] Values(TensorSpectra spectra, PrecessingWave[] waves, (WaveChannel First, WaveChannel Second)[] channels,
        int bins)
    {
        var factors = new double[waves.Length * WaveFactors.Count];
        for (var i = 0; i < waves.Length; i++)
            WaveFactors.Write(waves[i], channels[i].First, channels[i].Second, factors.AsSpan(i * WaveFactors.Count, WaveFactors.Count));
        using var scope = torch.NewDisposeScope();
        var values = spectra.Of(torch.tensor(factors, waves.Length, WaveFactors.Count), bins).view_as_real().contiguous();
        Assert.Equal([waves.Length, 2, bins, 2], values.shape);
        return MemoryMarshal.Cast<byte, float>(values.bytes).ToArray();
    }

    private static double Difference(Spectrum expected, ReadOnlySpan<float> values)
    {
        var (most, worst) = (0.0, 0.0);
        for (var k = 0; k < values.Length / 2; k++)
        {
            var (bin, re, im) = (expected.At(FrequencyGrid.First + k), values[2 * k], values[2 * k + 1]);
            Assert.True(FrequencyGrid.First + k < expected.End ? float.IsFinite(re) && float.IsFinite(im) : re == 0 && im == 0);
            most = Math.Max(most, bin.Magnitude);
            worst = Math.Max(worst, (bin - new System.Numerics.Complex(re, im)).Magnitude);
        }

        // A polarisation of an edge-on binary can vanish but for rounding.
        return worst / Math.Max(most, double.Epsilon);
    }
}
