using Amnre.Engine.Detectors;
using Amnre.Engine.GravitationalWaves;
using Amnre.Engine.Native;
using Amnre.Engine.Randomness;
using Amnre.Engine.ReducedBases;
using Amnre.Engine.Simulators;
using Amnre.Engine.Waveforms;
using TorchSharp;

namespace Amnre.Benchmarks;

/// <summary>Gravitational waves on one core: h₊ and h×, whole samples of both detectors, and what the same core does of the C library's
/// functions, since LALSimulation's rate (900 waveforms/s and core at 3803 bins on average, on a machine of this kind) depends on
/// it.</summary>
internal static class WaveBenchmark
{
    private const int Rows = 192;

    /// <summary>LALSimulation in C: waveforms a second and core, and their live bins.</summary>
    private const double LalRate = 900, LalBins = 3803;

    public static IEnumerable<string> Run()
    {
        var theta = new float[Rows * BinaryParameters.Count];
        for (var row = 0; row < Rows; row++)
        {
            var random = new CounterRandom(1, RandomPurpose.Rows, (ulong)row);
            BinaryPrior.Draw(ref random, theta.AsSpan(row * BinaryParameters.Count, BinaryParameters.Count));
        }

        var bins = 0.0;
        var buffers = new WaveBuffers();
        var waves = Measurement.Of(() =>
        {
            bins = 0;
            for (var row = 0; row < Rows; row++)
            {
                var wave = new PrecessingWave(BinaryParameters.Of(theta.AsSpan(row * BinaryParameters.Count, BinaryParameters.Count)));
                var (plus, cross) = Harmonics.Polarizations(wave.Frame);
                WaveSpectra.Fill(wave, WaveChannel.Plain(plus), WaveChannel.Plain(cross), buffers);
                bins += wave.End - FrequencyGrid.First;
            }
        });
        var libm = Measurement.Of(LibraryFunctions);
        var perBin = waves.Median / bins;
        yield return $"GW h+ and hx: {waves.Rate(Rows, "waveforms")} of {bins / Rows:0} bins; {perBin * 1e9:0.0} ns a bin, " +
            $"{1 / (LalRate * LalBins) / perBin:0.0} times LALSimulation's rate per bin, a constant of another machine; "
            + $"a bin takes the time of {perBin * LibraryCalls / libm.Median:0.00} rounds of the C library's sin, cos, pow and atan2, " +
                $"{libm.Rate(LibraryCalls / 1e6, "M rounds")}";

        var wavesSetup = Measurement.Of(() =>
        {
            for (var row = 0; row < Rows; row++)
                _ = new PrecessingWave(BinaryParameters.Of(theta.AsSpan(row * BinaryParameters.Count, BinaryParameters.Count)));
        });
        var basis = new float[FrequencyGrid.Bins * WaveSetting.DefaultColumns * 2];
        for (var i = 0; i < basis.Length; i++) basis[i] = i % 7 * 0.01f;
        var reduced = new ReducedBasis(basis, WaveSetting.DefaultColumns);
        var sampling = new WaveSampling(Observatory.Design, new(reduced));
        var x = new float[Rows * sampling.ObservationSize];
        var whole = Measurement.Of(() => sampling.Sample(1, 0, theta, x, isNoisy: true));
        yield return $"GW samples: {whole.Rate(Rows, "rows")}, with both detectors, whitening, projection and noise; "
            + $"{waves.Median / whole.Median:P0} of the time for h+ and hx, {wavesSetup.Median / whole.Median:P0} for what does not " +
                "depend on frequency";

        TorchLibrary.EnsureLoaded();
        if (torch.cuda.is_available()) yield return OnGpu(reduced);
    }

    private static string OnGpu(ReducedBasis basis)
    {
        const int Many = 1 << 15;
        var simulator = new GravitationalWave(new WaveSetting { Name = "GW", Observatory = Observatory.Design, Basis = basis });
        using var onDevice = (IStoppableSimulator)simulator.On(torch.CUDA);
        var (theta, x) = (new float[Many * BinaryParameters.Count], new float[Many * basis.Columns * 4]);
        var rows = Measurement.Of(() => onDevice.Sample(1, 0, theta, x, CancellationToken.None));
        return $"GW samples on a GPU: {rows.Rate(Many, "rows")}, theta to noisy coefficients in memory";
    }

    private const int LibraryCalls = 200_000;

    private static double _kept;

    private static void LibraryFunctions()
    {
        var sum = 0.0;
        for (var i = 1; i <= LibraryCalls; i++)
        {
            var x = 0.001 * i;
            sum += Math.Sin(x) + Math.Cos(x) + Math.Pow(x, 1.0 / 3) + Math.Atan2(x, 1 + x);
        }

        _kept = sum;
    }
}
