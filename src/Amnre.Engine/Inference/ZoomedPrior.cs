using Amnre.Engine.Masks;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Inference;

/// <summary>A simulator seen through narrower bounds, so that grids and figures show where a posterior is.</summary>
internal sealed class ZoomedPrior(ISimulator simulator, IReadOnlyList<float> low, IReadOnlyList<float> high) : ISimulator
{
    public string Name => simulator.Name;

    public IReadOnlyList<string> Labels => simulator.Labels;

    public IReadOnlyList<float> Low => low;

    public IReadOnlyList<float> High => high;

    public bool IsLogarithmic(int parameter) => simulator.IsLogarithmic(parameter);

    public IReadOnlyList<int> ObservationShape => simulator.ObservationShape;

    public void Sample(ulong seed, long firstRow, Span<float> theta, Span<float> x) => simulator.Sample(seed, firstRow, theta, x);

    public double LogPrior(ParameterMask mask, ReadOnlySpan<float> theta) => simulator.LogPrior(mask, theta);
}
