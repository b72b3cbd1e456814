namespace Amnre.Engine.Simulators;

/// <summary>A simulator with observations of its own to infer from, beside those drawn from the prior.</summary>
public interface IReferenceEvents : ISimulator
{
    /// <summary>Number of events, n.</summary>
    int EventCount { get; }

    /// <summary>Whether the events' parameters are known, as those of measurements are not; then theta of an event means nothing.</summary>
    bool KnowsEventParameters => true;

    /// <summary>SHA-256 of events that are not a function of the simulator's name and the seed; null for all others.</summary>
    string? EventsDigest => null;

    /// <summary>Draws the events of <paramref name="seed"/>, with noise that no row of a dataset has.</summary>
    /// <param name="seed">Names the draw.</param>
    /// <param name="theta">Receives (n, D), row-major.</param>
    /// <param name="x">Receives (n, observation size), row-major, not standardised.</param>
    void Events(ulong seed, Span<float> theta, Span<float> x);
}
