using System.Numerics;
using System.Text.Json;
using Amnre.Engine.Detectors;
using Amnre.Engine.Tests.Golden;
using Amnre.Engine.Waveforms;

namespace Amnre.Engine.Tests.GravitationalWaves;

/// <summary>What LALSimulation answers for draws of the prior and for edge cases.</summary>
internal static class WaveVectors
{
    private static readonly JsonElement File = GoldenFile.Read("gw-vectors.json");

    public static int[] Bins { get; } = [.. File.GetProperty("meta").GetProperty("bins").Numbers().Select(bin => (int)bin)];

    public static IReadOnlyList<JsonElement> Cases { get; } = [.. File.GetProperty("cases").EnumerateArray()];

    public static BinaryParameters Parameters(JsonElement one) => BinaryParameters.Of(one.GetProperty("theta").Numbers().AsSpan());

    public static Complex[] Complexes(JsonElement pairs) => [.. pairs.Numbers().Chunk(2).Select(pair => new Complex(pair[0], pair[1]))];

    public static double Number(JsonElement one, params string[] path) =>
        path.Aggregate(one, (element, name) => element.GetProperty(name)).GetDouble();

    /// <summary>The value of a bin, 0 outside the signal.</summary>
    public static Complex At(this Spectrum spectrum, int bin) =>
        bin >= FrequencyGrid.First && bin < spectrum.End ? new(spectrum.Real[bin], spectrum.Imaginary[bin]) : Complex.Zero;

    public static Complex[] Whole(this Spectrum spectrum) => [.. Enumerable.Range(0, FrequencyGrid.Bins).Select(spectrum.At)];

    public static WaveBuffers Polarizations(PrecessingWave wave)
    {
        var buffers = new WaveBuffers();
        var (plus, cross) = Harmonics.Polarizations(wave.Frame);
        WaveSpectra.Fill(wave, WaveChannel.Plain(plus), WaveChannel.Plain(cross), buffers);
        return buffers;
    }
}
