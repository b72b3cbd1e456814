using System.Runtime.InteropServices;
using Amnre.Engine.Detectors;
using Amnre.Engine.ReducedBases;
using Amnre.Engine.Tests.Golden;

namespace Amnre.Engine.Tests.GravitationalWaves;

/// <summary>Noise, strain and basis of GW150914, copied beside the tests.</summary>
internal static class StrainData
{
    private static readonly Lazy<ReducedBasis> Basis128 = new(() => BasisFile.Read(GoldenFile.Path("gw-basis.npy"), 128));

    private static readonly Lazy<Observatory> Measured = new(() => new(
        [.. Halves("gw-psd.f64").Select(half => new NoiseSpectrum(half))], SiderealClock.OfGW150914, StrainWindow.Factor));

    public static ReducedBasis Basis => Basis128.Value;

    public static Observatory Observatory => Measured.Value;

    /// <summary>Numbers of H1, then of L1.</summary>
    public static double[][] Halves(string name)
    {
        var values = MemoryMarshal.Cast<byte, double>(File.ReadAllBytes(GoldenFile.Path(name))).ToArray();
        return [values[..(values.Length / 2)], values[(values.Length / 2)..]];
    }
}
