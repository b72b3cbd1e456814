using System.Numerics;
using System.Runtime.InteropServices;
using Amnre.Engine.Detectors;
using Amnre.Engine.GravitationalWaves;
using Amnre.Engine.ReducedBases;
using Amnre.Engine.Tests.Golden;
using Amnre.Engine.Tests.GravitationalWaves;
using Amnre.Engine.Waveforms;

namespace Amnre.Engine.Tests.Detectors;

public sealed class ObservatoryTests
{
    [Fact]
    public void Antennas_and_delays_are_those_of_LALSuite()
    {
        foreach (var one in WaveVectors.Cases)
        {
            var p = WaveVectors.Parameters(one);
            foreach (var detector in Detector.Pair)
            {
                var (plus, cross) = detector.Antenna(p, SiderealClock.OfGW150914);
                var expected = one.GetProperty("antenna").GetProperty(detector.Name).Numbers();
                Assert.Equal(expected[0], plus, 1e-13);
                Assert.Equal(expected[1], cross, 1e-13);
                Assert.Equal(WaveVectors.Number(one, "delay", detector.Name), detector.Delay(p, SiderealClock.OfGW150914), 1e-15);
            }
        }
    }

    [Fact]
    public void Whitened_strains_of_both_detectors_are_those_of_the_original()
    {
        var buffers = new WaveBuffers();
        foreach (var one in WaveVectors.Cases)
        {
            StrainData.Observatory.Whiten(WaveVectors.Parameters(one), buffers);
            foreach (var (name, spectrum) in new[] { ("H1", buffers.First), ("L1", buffers.Second) })
            {
                var whole = spectrum.Whole();
                var most = whole.Max(Complex.Abs);
                var expected = WaveVectors.Complexes(one.GetProperty("whitened").GetProperty(name));
                for (var i = 0; i < expected.Length; i++)
                    Assert.InRange(Complex.Abs(expected[i] - whole[WaveVectors.Bins[i]]), 0, 1e-10 * most);
                var sum = WaveVectors.Complexes(one.GetProperty("whitened_sum").GetProperty(name))[0];
                Assert.InRange(Complex.Abs(sum - whole.Aggregate(Complex.Add)), 0, 1e-9 * most);
                Assert.Equal(WaveVectors.Number(one, "snr", name),
                    Math.Sqrt(spectrum.SquaredLength) / StrainData.Observatory.NoiseDeviation, 1e-9);
            }
        }
    }

    [Fact]
    public void Coefficients_are_those_of_the_original_in_its_basis()
    {
        var compared = 0;
        var sampling = new WaveSampling(StrainData.Observatory, new Lazy<ReducedBasis>(StrainData.Basis));
        foreach (var one in WaveVectors.Cases.Where(one => one.TryGetProperty("coefficients", out _)))
        {
            // Theta is stored as floats; edge cases that are none are projected from doubles.
            var buffers = new WaveBuffers();
            StrainData.Observatory.Whiten(WaveVectors.Parameters(one), buffers);
            var panels = new StrainPanels(2);
            panels.Add(buffers.First);
            panels.Add(buffers.Second);
            var x = new float[512];
            StrainData.Basis.Project(panels, 1 / StrainData.Observatory.NoiseDeviation, x);

            double[] expected = [.. one.GetProperty("coefficients").GetProperty("H1").Numbers(),
                .. one.GetProperty("coefficients").GetProperty("L1").Numbers()];
            var most = expected.Max(Math.Abs);
            for (var i = 0; i < x.Length; i++) Assert.InRange(Math.Abs(expected[i] - x[i]), 0, 1e-5);

            var theta = Array.ConvertAll(one.GetProperty("theta").Numbers(), value => (float)value);
            if (!one.GetProperty("theta").Numbers().SequenceEqual(theta.Select(value => (double)value))) continue;
            var sampled = new float[512];
            sampling.Observe(theta, sampled);
            Assert.Equal(x, sampled);
            compared++;
        }

        Assert.True(compared >= 5);
    }

    [Fact]
    public void The_level_of_the_noise_is_that_of_the_original()
    {
        Assert.Equal(0.9374713897717841, StrainWindow.Factor, 1e-15);
        Assert.Equal(1.3692854996470123, StrainData.Observatory.NoiseDeviation, 1e-14);
    }

    [Fact]
    public void The_whitened_event_is_that_of_the_original()
    {
        var check = GoldenFile.Json("gw-event-check.json");
        var bytes = File.ReadAllBytes(GoldenFile.Path("gw-event.npy"));
        var expected = MemoryMarshal.Cast<byte, float>(bytes.AsSpan(128)).ToArray();
        var panels = new StrainPanels(2);
        for (var detector = 0; detector < 2; detector++)
        {
            var spectrum = EventStrain.Whiten(StrainData.Halves("gw-strain.f64")[detector], StrainData.Observatory.Noise[detector]);
            for (var k = 0; k < FrequencyGrid.Bins; k++)
            {
                var at = (detector * FrequencyGrid.Bins + k) * 2;
                Assert.InRange(Complex.Abs(new Complex(expected[at], expected[at + 1]) - spectrum.At(k)), 0, 1e-5);
            }

            var values = GoldenFile.Doubles(check["check"]![Detector.Pair[detector].Name]);
            var bins = GoldenFile.Doubles(check["check"]!["bins"]);
            for (var i = 0; i < bins.Length; i++)
                Assert.InRange(Complex.Abs(new Complex(values[2 * i], values[2 * i + 1]) - spectrum.At((int)bins[i])), 0, 1e-9);
            panels.Add(spectrum);
        }

        var x = new float[512];
        StrainData.Basis.Project(panels, 1 / StrainData.Observatory.NoiseDeviation, x);
        double[] coefficients = [.. GoldenFile.Doubles(check["coefficients_H1"]), .. GoldenFile.Doubles(check["coefficients_L1"])];
        for (var i = 0; i < x.Length; i++) Assert.Equal(coefficients[i], x[i], 1e-5);
        Assert.Equal(42561, EventStrain.FirstSample(SiderealClock.GW150914, 1126259446));
    }

    [Fact]
    public void Sidereal_time_at_other_times_follows_the_mean_rotation() =>
        // LALSuite's, which takes UT1 for UTC.
        Assert.Equal(2.4565323973278836, SiderealClock.At(SiderealClock.GW150914 + 1e-6), 1e-6);
}
