using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Amnre.Engine.Waveforms;

/// <summary>Turns frequencies in Hz into those of a binary, in units of its total mass.</summary>
/// <remarks>Powers and logarithms of M·f are products and sums of one number of the binary and one of the grid, so that a spectrum
/// needs no roots and no logarithms.</remarks>
internal readonly struct MassScale
{
    private readonly double _cubeRoot, _inverse, _log;

    /// <param name="seconds">G·M/c³ of the total mass.</param>
    public MassScale(double seconds)
    {
        Seconds = seconds;
        _cubeRoot = Math.Cbrt(Math.PI * seconds);
        _inverse = 1 / _cubeRoot;
        _log = Math.Log(Math.PI * seconds) / 3;
    }

    public double Seconds { get; }

    /// <summary>Four consecutive bins from <paramref name="bin"/> on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public MassFrequency At(int bin)
    {
        var f = Vector256.Create((double)bin) + Vector256.Create(0.0, 1, 2, 3);
        return new(
            f * Vector256.Create(FrequencyGrid.Spacing) * Vector256.Create(Seconds),
            Load(FrequencyGrid.CubeRoots, bin) * Vector256.Create(_cubeRoot),
            Load(FrequencyGrid.InverseCubeRoots, bin) * Vector256.Create(_inverse),
            Load(FrequencyGrid.LogCubeRoots, bin) + Vector256.Create(_log));
    }

    /// <summary>Any frequency.</summary>
    /// <param name="frequency">M·f.</param>
    public static MassFrequency Of(double frequency)
    {
        var u = Math.Cbrt(Math.PI * frequency);
        return new(Vector256.Create(frequency), Vector256.Create(u), Vector256.Create(1 / u), Vector256.Create(Math.Log(u)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<double> Load(double[] table, int bin) =>
        Vector256.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(table), (nuint)bin);
}

/// <summary>Four frequencies in units of a total mass, and what the model needs of them.</summary>
/// <param name="F">M·f.</param>
/// <param name="U">(π·M·f)^(1/3), the orbital velocity.</param>
/// <param name="InverseU">1/u.</param>
/// <param name="LogU">ln u.</param>
internal readonly record struct MassFrequency(Vector256<double> F, Vector256<double> U, Vector256<double> InverseU, Vector256<double> LogU);
