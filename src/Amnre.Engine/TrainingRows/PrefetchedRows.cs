using static TorchSharp.torch;

namespace Amnre.Engine.TrainingRows;

/// <summary>Makes the batch that comes next on another thread while the present one is used, so that the device does not wait
/// for files or simulations. Which batches come out, and their content, are those of <paramref name="rows"/>.</summary>
/// <param name="rows">Owned from now on; used by one thread at a time.</param>
internal sealed class PrefetchedRows(ITrainingRows rows) : ITrainingRows
{
    private (int Epoch, int Step, Task<(Tensor Theta, Tensor X)> Batch)? _next;

    public int Steps => rows.Steps;

    public string? FirstNonFinite => rows.FirstNonFinite;

    public (Tensor Theta, Tensor X) Batch(int epoch, int step)
    {
        if (_next is { } other && (other.Epoch, other.Step) != (epoch, step)) Forget();
        var (theta, x) = _next is { } made ? made.Batch.GetAwaiter().GetResult() : Make(epoch, step);
        var (nextEpoch, nextStep) = step + 1 < Steps ? (epoch, step + 1) : (epoch + 1, 0);
        _next = (nextEpoch, nextStep, Task.Run(() => Make(nextEpoch, nextStep)));
        using (theta)
        using (x)
            return (theta.alias(), x.alias());
    }

    public void Dispose()
    {
        Forget();
        rows.Dispose();
    }

    /// <summary>A batch that belongs to no scope, since a scope belongs to one thread.</summary>
    private (Tensor Theta, Tensor X) Make(int epoch, int step)
    {
        using var scope = NewDisposeScope();
        var (theta, x) = rows.Batch(epoch, step);
        return (theta.DetachFromDisposeScope(), x.DetachFromDisposeScope());
    }

    private void Forget()
    {
        if (_next is not { } next) return;
        _next = null;
        next.Batch.ContinueWith(_ => { }, TaskScheduler.Default).Wait();
        if (!next.Batch.IsCompletedSuccessfully) return;
        next.Batch.Result.Theta.Dispose();
        next.Batch.Result.X.Dispose();
    }
}
