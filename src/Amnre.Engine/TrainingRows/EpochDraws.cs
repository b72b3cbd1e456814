using Amnre.Engine.Randomness;

namespace Amnre.Engine.TrainingRows;

/// <summary>Names the draws of a pass over data, so that each is a function of the seed, the epoch and the step alone.</summary>
/// <param name="Seed">The training's seed.</param>
/// <param name="Order">Purpose of the draws that put rows in order.</param>
/// <param name="Step">Purpose of the draws within a step (masks).</param>
internal sealed record EpochDraws(ulong Seed, RandomPurpose Order, RandomPurpose Step)
{
    private const ulong OrderItem = 1UL << 31;

    public static EpochDraws Training(ulong seed) => new(seed, RandomPurpose.Batches, RandomPurpose.Masks);

    public static EpochDraws Validation(ulong seed) => new(seed, RandomPurpose.Validation, RandomPurpose.Validation);

    /// <summary>The order of the chunks (<paramref name="item"/> 0) or of the rows of chunk item - 1.</summary>
    public CounterRandom OfOrder(int epoch, int item) => new(Seed, Order, (ulong)epoch << 32 | OrderItem | (uint)item);

    public CounterRandom OfStep(int epoch, int step) => new(Seed, Step, (ulong)epoch << 32 | (uint)step);

    /// <summary>The noise of a batch, where it is added while training.</summary>
    public CounterRandom OfNoise(int epoch, int step) => new(Seed, RandomPurpose.LiveNoise, (ulong)epoch << 32 | (uint)step);
}
