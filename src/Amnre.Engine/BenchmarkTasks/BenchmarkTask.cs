using Amnre.Engine.Distributions;
using Amnre.Engine.Masks;
using Amnre.Engine.Randomness;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.BenchmarkTasks;

/// <summary>A task of the benchmark of Lueckmann et al.: Benchmarking simulation-based inference (AISTATS 2021), version 1.1.0, with its
/// ten observations as reference events. Theta is drawn from the prior row by row; what is observed follows in vector lanes, from words of
/// their own, so that a prior may reject.</summary>
/// <typeparam name="TObserver">What is observed given theta.</typeparam>
internal abstract class BenchmarkTask<TObserver> : ITractableSimulator, IConditionalSimulator, IReferenceEvents
    where TObserver : ILaneObserver
{
    private readonly IPrior _prior;

    /// <param name="name">As the benchmark calls it, with <c>-</c> for <c>_</c>.</param>
    /// <param name="prior">Of all parameters.</param>
    /// <param name="labels">One for each parameter; null for θ₁ and so on.</param>
    /// <param name="shape">Of one observation; null for one axis.</param>
    protected BenchmarkTask(string name, IPrior prior, IReadOnlyList<string>? labels = null, IReadOnlyList<int>? shape = null)
    {
        (Name, _prior) = ($"sbibm-{name}", prior);
        Labels = labels ?? ParameterLabels.Indexed(TObserver.ParameterCount);
        ObservationShape = shape ?? [TObserver.ObservedCount];
    }

    public string Name { get; }

    public IReadOnlyList<string> Labels { get; }

    public IReadOnlyList<float> Low => _prior.Low;

    public IReadOnlyList<float> High => _prior.High;

    public IReadOnlyList<int> ObservationShape { get; }

    public int EventCount => BenchmarkObservations.Count;

    public bool IsLogarithmic(int parameter) => _prior.IsLogarithmic(parameter);

    public void Sample(ulong seed, long firstRow, Span<float> theta, Span<float> x)
    {
        DrawPrior(seed, firstRow, theta);
        LaneSampling.Observe<TObserver>(seed, firstRow, RandomPurpose.BenchmarkNoise, theta, x);
    }

    public void DrawPrior(ulong seed, long firstRow, Span<float> theta)
    {
        var size = TObserver.ParameterCount;
        for (var row = 0; row < theta.Length / size; row++)
        {
            var random = new CounterRandom(seed, RandomPurpose.Rows, (ulong)(firstRow + row));
            _prior.Draw(ref random, theta.Slice(row * size, size));
        }
    }

    public void Observe(ulong seed, long firstRow, ReadOnlySpan<float> theta, Span<float> x) =>
        LaneSampling.Observe<TObserver>(seed, firstRow, theta, x);

    public double LogPrior(ParameterMask mask, ReadOnlySpan<float> theta) => _prior.LogDensity(mask, theta);

    public abstract double LogLikelihood(ReadOnlySpan<float> theta, ReadOnlySpan<float> x);

    /// <summary>The ten observations of the benchmark, whatever the seed.</summary>
    public void Events(ulong seed, Span<float> theta, Span<float> x) => BenchmarkObservations.Fill(Name, theta, x);
}
