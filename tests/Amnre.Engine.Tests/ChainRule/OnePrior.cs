using Amnre.Engine.Distributions;
using Amnre.Engine.Masks;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Tests.ChainRule;

/// <summary>One parameter that nothing is simulated from.</summary>
internal sealed class OnePrior(Marginal marginal) : ISimulator
{
    private readonly IndependentPrior _prior = new(marginal);

    public string Name => "ONE";

    public IReadOnlyList<string> Labels { get; } = ["a"];

    public IReadOnlyList<float> Low => _prior.Low;

    public IReadOnlyList<float> High => _prior.High;

    public IReadOnlyList<int> ObservationShape { get; } = [1];

    public void Sample(ulong seed, long firstRow, Span<float> theta, Span<float> x) => throw new NotSupportedException();

    public double LogPrior(ParameterMask mask, ReadOnlySpan<float> theta) => _prior.LogDensity(mask, theta);
}
