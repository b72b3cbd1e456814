using Amnre.Engine.Observations;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Programs;

/// <summary>A program whose manifest names observations to infer from. They decide no row, so the simulator is the same whatever they
/// are; they are read when they are asked for, since a training needs none.</summary>
/// <inheritdoc cref="ProgramSimulator"/>
internal sealed class EventfulProgram : ProgramSimulator, IReferenceEvents
{
    private readonly Lazy<EventObservations> _events;

    /// <param name="path">Absolute, of the file of events.</param>
    public EventfulProgram(ProgramManifest manifest, string digest, TimeProvider clock, string path)
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
