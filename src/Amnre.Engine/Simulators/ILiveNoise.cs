using Amnre.Engine.Randomness;

namespace Amnre.Engine.Simulators;

/// <summary>A simulator whose observation is a signal plus noise that is cheap to draw: datasets may hold the signals alone, and
/// training adds fresh noise whenever it meets one.</summary>
public interface ILiveNoise : ISimulator
{
    /// <summary>The same simulator without its noise.</summary>
    ISimulator Signals { get; }

    /// <summary>Adds noise to signals.</summary>
    /// <param name="random">Draws of this batch.</param>
    /// <param name="x">(N, observation size), row-major.</param>
    void AddNoise(ref CounterRandom random, Span<float> x);
}
