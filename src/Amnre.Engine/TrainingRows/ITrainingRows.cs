using static TorchSharp.torch;

namespace Amnre.Engine.TrainingRows;

/// <summary>Where batches of (theta, x) come from.</summary>
internal interface ITrainingRows : IDisposable
{
    /// <summary>Batches in one epoch.</summary>
    int Steps { get; }

    /// <summary>The first row with a value that is not finite that was met so far, in words; null when there was none.</summary>
    string? FirstNonFinite => null;

    /// <summary>The batch of a step; a function of (seed, epoch, step), cheapest in order.</summary>
    /// <param name="epoch">From 1.</param>
    /// <param name="step">From 0, below <see cref="Steps"/>.</param>
    /// <returns>theta (N, D), x (N, observation size, standardised), on the device, in the caller's dispose scope.</returns>
    (Tensor Theta, Tensor X) Batch(int epoch, int step);
}
