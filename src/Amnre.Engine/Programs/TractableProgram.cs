using Amnre.Engine.Observations;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Programs;

/// <summary>A program whose manifest says that it answers requests for likelihoods.</summary>
/// <inheritdoc cref="ProgramSimulator"/>
internal class TractableProgram(ProgramManifest manifest, string digest, TimeProvider clock)
    : ProgramSimulator(manifest, digest, clock), IBatchLikelihood
{
    public double LogLikelihood(ReadOnlySpan<float> theta, ReadOnlySpan<float> x)
    {
        var result = new double[1];
        LogLikelihoods(theta, x, result);
        return result[0];
    }

    public void LogLikelihoods(ReadOnlySpan<float> theta, ReadOnlySpan<float> x, Span<double> result) =>
        AskLikelihoods(theta.ToArray(), x.ToArray(), result);
}

/// <summary>One that also has observations to infer from.</summary>
/// <inheritdoc cref="EventfulProgram"/>
internal sealed class TractableEventfulProgram : TractableProgram, IReferenceEvents
{
    private readonly Lazy<EventObservations> _events;

    /// <param name="path">Absolute, of the file of events.</param>
    public TractableEventfulProgram(ProgramManifest manifest, string digest, TimeProvider clock, string path)
        : base(manifest, digest, clock) =>
        _events = new(() => EventObservations.Read(path, this));

    public int EventCount => _events.Value.Count;

    public bool KnowsEventParameters => _events.Value.Theta is not null;

    public string? EventsDigest => _events.Value.Digest;

    /// <summary>They are as they were measured, whatever the seed.</summary>
    public void Events(ulong seed, Span<float> theta, Span<float> x)
    {
        _events.Value.X.CopyTo(x);
        _events.Value.Theta?.CopyTo(theta);
    }
}
