using Amnre.Engine.Masks;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.GravitationalWaves;

/// <summary>The simulator of gravitational waves on a device: the same theta and noise as <see cref="GravitationalWave"/> has, signals to
/// 1e-5 of the largest number of an observation.</summary>
/// <param name="simulator">On the processor.</param>
/// <param name="sampling">On the device; owned from now on.</param>
/// <param name="isNoisy">Whether noise is added.</param>
internal sealed class TensorWaves(GravitationalWave simulator, TensorSampling sampling, bool isNoisy) : IStoppableSimulator
{
    /// <summary>Rows whose noise one processor adds at a time.</summary>
    private const int PartRows = 64;

    public string Name => simulator.Name;

    public string? BasisDigest => simulator.BasisDigest;

    public IReadOnlyList<string> Labels => simulator.Labels;

    public IReadOnlyList<float> Low => simulator.Low;

    public IReadOnlyList<float> High => simulator.High;

    public IReadOnlyList<int> ObservationShape => simulator.ObservationShape;

    public int StrideRows => 1 << 11;

    public void DrawPrior(ulong seed, long firstRow, Span<float> theta) => simulator.DrawPrior(seed, firstRow, theta);

    public double LogPrior(ParameterMask mask, ReadOnlySpan<float> theta) => simulator.LogPrior(mask, theta);

    public void Sample(ulong seed, long firstRow, Memory<float> theta, Memory<float> x, CancellationToken stop)
    {
        var randoms = WaveRows.Draw(seed, firstRow, theta.Span);
        sampling.Observe(theta, x, stop);
        if (!isNoisy) return;
        var size = sampling.ObservationSize;
        Parallel.For(0, (randoms.Length + PartRows - 1) / PartRows, new ParallelOptions { CancellationToken = stop }, part =>
        {
            var (start, end) = (part * PartRows, Math.Min(randoms.Length, (part + 1) * PartRows));
            WaveRows.AddNoise(randoms.AsSpan(start, end - start), x.Span[(start * size)..(end * size)]);
        });
    }

    public void Dispose() => sampling.Dispose();
}
