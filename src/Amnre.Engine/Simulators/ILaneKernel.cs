using System.Runtime.Intrinsics;
using Amnre.Engine.Randomness;

namespace Amnre.Engine.Simulators;

/// <summary>What a simulator observes given parameters, for eight rows at once, one per vector lane.</summary>
internal interface ILaneObserver
{
    static abstract int ParameterCount { get; }

    static abstract int ObservedCount { get; }

    /// <summary>Simulates given parameters.</summary>
    /// <param name="words">The rows' random words, those after theta's in a joint draw.</param>
    /// <param name="theta">One vector per parameter.</param>
    /// <param name="x">Receives one vector per observed value.</param>
    static abstract void Observe(ref RowWords words, ReadOnlySpan<Vector256<float>> theta, Span<Vector256<float>> x);
}

/// <summary>The joint draw of a simulator for eight rows at once.</summary>
internal interface ILaneKernel : ILaneObserver
{
    /// <summary>Draws parameters from the prior.</summary>
    /// <param name="words">The rows' random words.</param>
    /// <param name="theta">Receives one vector per parameter.</param>
    static abstract void Draw(ref RowWords words, Span<Vector256<float>> theta);
}
