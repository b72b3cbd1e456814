using System.Numerics;
using System.Text.Json;
using Amnre.Engine.Detectors;
using Amnre.Engine.Tests.Golden;
using Amnre.Engine.Tests.GravitationalWaves;
using Amnre.Engine.Waveforms;

namespace Amnre.Engine.Tests.Waveforms;

public sealed class PrecessingWaveTests
{
    [Fact]
    public void Spins_and_the_precessing_frame_are_those_of_LALSimulation()
    {
        foreach (var one in WaveVectors.Cases)
        {
            var p = WaveVectors.Parameters(one);
            var source = SourceFrame.Of(p);
            Close(WaveVectors.Number(one, "iota"), source.Inclination, "iota", one);
            Close(one.GetProperty("spin1").Numbers(), source.Spin1, one);
            Close(one.GetProperty("spin2").Numbers(), source.Spin2, one);

            var frame = PrecessionFrame.Of(p, source);
            Close(WaveVectors.Number(one, "model", "chi1_l"), frame.AlignedSpin1, "chi1", one);
            Close(WaveVectors.Number(one, "model", "chi2_l"), frame.AlignedSpin2, "chi2", one);
            Close(WaveVectors.Number(one, "model", "chip"), frame.PrecessingSpin, "chip", one);
            Close(WaveVectors.Number(one, "model", "thetaJN"), frame.ThetaJN, "thetaJN", one);
            Close(0, Around(WaveVectors.Number(one, "model", "alpha0") - frame.Alpha0), "alpha0", one);
            Close(0, Around(WaveVectors.Number(one, "model", "phi_aligned") - frame.PhiAligned), "phi_aligned", one);
            Close(0, Around(WaveVectors.Number(one, "model", "zeta_polariz") - frame.Zeta), "zeta", one);
        }
    }

    [Fact]
    public void Every_number_inside_the_model_is_that_of_LALSimulation()
    {
        var compared = 0;
        foreach (var one in WaveVectors.Cases.Where(one => one.TryGetProperty("internals", out _)))
        {
            var wave = new PrecessingWave(WaveVectors.Parameters(one));
            var pn = new PostNewtonianPhase(wave.Pair);
            var (alpha, epsilon) = EulerAngles.Factors(wave.Pair, wave.Frame.PrecessingSpin);
            Dictionary<string, double> ours = new()
            {
                ["q"] = wave.Pair.MassRatio,
                ["eta"] = wave.Pair.Eta,
                ["chi_pn"] = PhenomDFits.Effective(wave.Pair),
                ["finspin"] = wave.Ringdown.FinalSpin,
                ["erad"] = wave.Ringdown.RadiatedEnergy,
                ["fRD"] = wave.Ringdown.Frequency,
                ["fDM"] = wave.Ringdown.Damping,
                ["fmax_amp"] = wave.Amplitude.Peak,
                ["rho1"] = wave.Fits.Rho1,
                ["rho3"] = wave.Fits.Rho3,
                ["gamma1"] = wave.Fits.Gamma1,
                ["sigma4"] = wave.Fits.Sigma4,
                ["beta3"] = wave.Fits.Beta3,
                ["alpha5"] = wave.Fits.Alpha5,
                ["C1Int"] = wave.Phase.IntermediateOffset,
                ["C2Int"] = wave.Phase.IntermediateSlope,
                ["C1MRD"] = wave.Phase.MergerOffset,
                ["C2MRD"] = wave.Phase.MergerSlope,
                ["pnlog5"] = pn.Log5,
                ["pnlog6"] = pn.Log6,
                ["alpha_off"] = wave.Angles.AlphaAtReference,
                ["epsilon_off"] = wave.Angles.EpsilonAtReference,
                ["fCut"] = wave.CutoffHertz,
                ["f_final"] = wave.RingdownHertz,
                ["t_corr"] = wave.TimeCorrection,
            };
            for (var i = 0; i < 8; i++) ours[$"pn{i}"] = pn.V[i];
            for (var i = 0; i < 5; i++) (ours[$"al{i + 1}"], ours[$"ep{i + 1}"]) = (alpha[i], epsilon[i]);
            foreach (var (name, value) in ours)
            {
                var expected = WaveVectors.Number(one, "internals", name);
                // What joins two phases is a difference of larger numbers.
                var floor = name[0] == 'C' ? 10 : 1e-2;
                Assert.True(Math.Abs(expected - value) <= 1e-10 * Math.Max(Math.Abs(expected), floor),
                    $"{Id(one)}: {name} is {value}, not {expected}");
                compared++;
            }
        }

        Assert.True(compared > 1000);
    }

    [Fact]
    public void Amplitude_phase_and_angles_at_single_frequencies_are_those_of_LALSimulation()
    {
        foreach (var one in WaveVectors.Cases.Where(one => one.TryGetProperty("internals_at", out _)))
        {
            var wave = new PrecessingWave(WaveVectors.Parameters(one));
            var at = one.GetProperty("internals_at");
            double[] Column(string name) => at.GetProperty(name).Numbers();
            var (hertz, amplitude, phase) = (Column("freqs_hz"), Column("amp_D"), Column("phase_D"));
            var (alpha, epsilon, half) = (Column("alpha_minus_offset"), Column("epsilon_minus_offset"), Column("cos_beta_half"));
            for (var i = 0; i < hertz.Length; i++)
            {
                var f = hertz[i] * wave.Scale.Seconds;
                Assert.Equal(amplitude[i], wave.Amplitude.At(f), 1e-11 * amplitude[i]);
                Assert.Equal(phase[i], wave.Phase.At(f), 1e-10);
                Assert.Equal(alpha[i] + wave.Frame.Alpha0, wave.Angles.Alpha(MassScale.Of(f))[0], 1e-10);
                Assert.Equal(epsilon[i], wave.Angles.Epsilon(MassScale.Of(f))[0], 1e-10);
                Assert.Equal(half[i], wave.Angles.HalfOpening(MassScale.Of(f)).Cos[0], 1e-13);
            }
        }
    }

    [Fact]
    public void Both_polarisations_are_those_of_LALSimulation_in_every_case()
    {
        foreach (var one in WaveVectors.Cases)
        {
            var wave = new PrecessingWave(WaveVectors.Parameters(one));
            var buffers = WaveVectors.Polarizations(wave);
            Assert.Equal(FrequencyGrid.First, WaveVectors.Number(one, "first_nonzero_bin"));
            Assert.Equal(WaveVectors.Number(one, "last_nonzero_bin"), wave.End - 1);
            Same(one, "hp", buffers.First);
            Same(one, "hc", buffers.Second);
        }
    }

    /// <summary>At the listed bins, and by norm and sum over all of them.</summary>
    private static void Same(JsonElement one, string name, Spectrum spectrum)
    {
        var whole = spectrum.Whole();
        var most = whole.Max(Complex.Abs);
        Assert.True(most > 0 || WaveVectors.Number(one, $"{name}_norm") == 0);
        var expected = WaveVectors.Complexes(one.GetProperty(name));
        for (var i = 0; i < expected.Length; i++)
        {
            var distance = Complex.Abs(expected[i] - whole[WaveVectors.Bins[i]]);
            Assert.True(distance <= 1e-11 * most, $"{Id(one)}: {name} differs by {distance / most} at bin {WaveVectors.Bins[i]}");
        }

        Assert.Equal(WaveVectors.Number(one, $"{name}_norm"), Math.Sqrt(whole.Sum(z => z.Real * z.Real + z.Imaginary * z.Imaginary)),
            1e-9 * most);
        var sum = WaveVectors.Complexes(one.GetProperty($"{name}_sum"))[0];
        Assert.True(Complex.Abs(sum - whole.Aggregate(Complex.Add)) <= 1e-9 * most, $"{Id(one)}: the sum of {name} differs");
    }

    private static double Around(double angle) => Math.IEEERemainder(angle, 2 * Math.PI);

    private static string Id(JsonElement one) => one.GetProperty("id").GetString()!;

    private static void Close(double expected, double actual, string what, JsonElement one) =>
        Assert.True(Math.Abs(expected - actual) <= 1e-11, $"{Id(one)}: {what} is {actual}, not {expected}");

    private static void Close(double[] expected, SpatialVector actual, JsonElement one)
    {
        Close(expected[0], actual.X, "x", one);
        Close(expected[1], actual.Y, "y", one);
        Close(expected[2], actual.Z, "z", one);
    }
}
