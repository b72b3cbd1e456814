using Amnre.Engine.Masks;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Tests.Datasets;

/// <summary>Needs something that is not there.</summary>
internal sealed class RefusingSimulator : ISimulator
{
    public const string Refusal = "the table of this simulator is not there: copy it beside the program";

    public string Name => "REFUSING";

    public IReadOnlyList<string> Labels { get; } = ["a"];

    public IReadOnlyList<float> Low { get; } = [0];

    public IReadOnlyList<float> High { get; } = [1];

    public IReadOnlyList<int> ObservationShape { get; } = [1];

    public void Sample(ulong seed, long firstRow, Span<float> theta, Span<float> x) => throw new InputException(Refusal);

    public double LogPrior(ParameterMask mask, ReadOnlySpan<float> theta) => 0;
}
