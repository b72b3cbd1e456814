using System.Runtime.Intrinsics;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Truth;

/// <summary>A likelihood under a uniform prior, for eight parameter rows at once, one per vector lane.</summary>
internal interface ILaneLikelihood
{
    static abstract int ParameterCount { get; }

    /// <summary>log p(x | theta) up to a constant.</summary>
    /// <param name="theta">One vector per parameter.</param>
    /// <param name="x">One observation, flattened.</param>
    static abstract Vector256<float> LogLikelihood(ReadOnlySpan<Vector256<float>> theta, ReadOnlySpan<float> x);

    /// <summary>Moves theta by a symmetry of likelihood and prior, picked by random bits: so that chains need not find every mirror
    /// image.</summary>
    static abstract void Reflect(Span<Vector256<float>> theta, Vector256<uint> bits);
}

/// <summary>SLCP: θ₃ and θ₄ count by their squares only.</summary>
internal readonly struct SlcpLikelihood : ILaneLikelihood
{
    public static int ParameterCount => Slcp.ParameterCount;

    public static Vector256<float> LogLikelihood(ReadOnlySpan<Vector256<float>> theta, ReadOnlySpan<float> x) =>
        new Slcp.Scale(theta).LogDensity(x);

    public static void Reflect(Span<Vector256<float>> theta, Vector256<uint> bits)
    {
        var sign = Vector256.Create(0x8000_0000u);
        theta[2] ^= (bits & sign).AsSingle();
        theta[3] ^= ((bits << 1) & sign).AsSingle();
    }
}
