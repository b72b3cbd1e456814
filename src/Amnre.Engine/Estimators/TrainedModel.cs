using Amnre.Engine.Masks;
using Amnre.Engine.Native;
using Amnre.Engine.Randomness;
using Amnre.Engine.Simulators;
using Amnre.Engine.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Amnre.Engine.Estimators;

/// <summary>A trained estimator, loaded from its weights (<c>.pth</c>) and the settings beside them (<c>.json</c>).</summary>
/// <remarks>Needs neither the training dataset nor the device of training. Not for use by several threads at once.</remarks>
public sealed class TrainedModel : IDirectPosterior, IPairClassifier
{
    /// <summary>Rows of one evaluation on processors: large enough to fill them, small enough to stay in their caches.</summary>
    private const int ProcessorRows = 1 << 10;

    /// <summary>Rows of one evaluation on a GPU.</summary>
    private const int GpuRows = 1 << 16;

    private readonly ISimulator _simulator;
    private readonly Estimator _estimator;
    private readonly Adversary? _adversary;
    private readonly int _observationSize;
    private readonly bool _inverse;
    private readonly Device _device;
    private readonly int _mostRows;

    private TrainedModel(ISimulator simulator, Estimator estimator, Adversary? adversary, bool inverse, Device device)
    {
        (_simulator, _estimator, _adversary, _inverse, _device) = (simulator, estimator, adversary, inverse, device);
        (_observationSize, _mostRows) = (simulator.ObservationSize, device.type == DeviceType.CPU ? ProcessorRows : GpuRows);
        if (device.type == DeviceType.CPU) return;
        foreach (var (_, slot) in estimator.State())
        {
            using var old = slot.Value;
            slot.Value = old.to(device, disposeAfter: false).DetachFromDisposeScope();
        }

        adversary?.MoveTo(device);
    }

    /// <param name="pthPath">Weights; the settings are read from the same path with the ending <c>.json</c>.</param>
    /// <param name="simulator">The simulator that the model was trained for.</param>
    /// <param name="threads">CPU threads of the tensor library, for the whole process.</param>
    /// <param name="device"><c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</param>
    /// <exception cref="InputException">A file is missing or damaged, or the two do not belong together, or there is no such device.</exception>
    public static TrainedModel Load(string pthPath, ISimulator simulator, int threads, string device = "cpu")
    {
        TorchLibrary.SetThreads(threads);
        var place = TrainingDevice.Fault(device) is { } fault ? throw new InputException($"device {fault}") : TrainingDevice.Open(device);
        var (estimator, file) = EstimatorAssembly.Load(pthPath, simulator);
        try
        {
            var adversary = file.Inputs.Adversary is { } given
                ? EstimatorAssembly.LoadAdversary(AdversaryOf(pthPath, given), file.Settings, simulator)
                : null;
            return new TrainedModel(simulator, estimator, adversary, file.Settings.Inverse, place);
        }
        catch
        {
            estimator.Dispose();
            throw;
        }
    }

    /// <summary>The adversary's weights: where the settings say, or beside the model's own, where files were moved together.</summary>
    private static string AdversaryOf(string pthPath, string given)
    {
        var beside = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(pthPath))!, Path.GetFileName(given));
        return File.Exists(given) || !File.Exists(beside) ? given : beside;
    }

    public bool Covers(ParameterMask mask) => _estimator.Covers(mask);

    public bool? WeighsJoint => _adversary is null ? null : _inverse;

    bool IDirectPosterior.DrawsDirectly => DrawsDirectly;

    private bool DrawsDirectly => _estimator.IsDensity && _adversary is null && _estimator is IDirectDraws;

    /// <inheritdoc/>
    /// <remarks><paramref name="x"/> is standardised where its dataset stores moments (<c>mu</c>, <c>sigma</c>), as in training.</remarks>
    public void LogDensity(ParameterMask mask, ReadOnlySpan<float> x, ReadOnlySpan<float> theta, Span<float> result)
    {
        if (!Covers(mask)) throw new ArgumentException($"the model was not trained for mask {mask}", nameof(mask));
        int observations = x.Length / _observationSize, rows = theta.Length / mask.Count;
        if (observations * _observationSize != x.Length || rows * mask.Count != theta.Length || result.Length != observations * rows)
            throw new ArgumentException("the lengths of x, theta and result do not fit", nameof(result));

        using var off = no_grad();
        var width = Math.Min(rows, _mostRows);
        var height = Math.Max(1, _mostRows / Math.Max(width, 1));
        for (var i = 0; i < observations; i += height)
        {
            var m = Math.Min(height, observations - i);
            using var outer = NewDisposeScope();
            var observed = tensor(x.Slice(i * _observationSize, m * _observationSize).ToArray(), m, _observationSize).to(_device);
            var y = _estimator.Embed(observed);
            var frozen = _adversary?.Embed(observed);
            for (var j = 0; j < rows; j += width)
            {
                var n = Math.Min(width, rows - j);
                using var inner = NewDisposeScope();
                var block = tensor(theta.Slice(j * mask.Count, n * mask.Count).ToArray(), n, mask.Count).to(_device);
                var pairs = block.repeat(m, 1);
                var values = _estimator.LogValue(mask, pairs, y.repeat_interleave(n, 0));
                // Telescoping: what was learnt against the frozen ratio is what was left of it.
                if (frozen is not null) values += _adversary!.LogRatio(mask, pairs, frozen.repeat_interleave(n, 0));
                var flat = values.cpu().contiguous().data<float>().ToArray();
                for (var row = 0; row < m; row++)
                    flat.AsSpan(row * n, n).CopyTo(result[((i + row) * rows + j)..]);
            }
        }

        if (!_estimator.IsDensity) AddPrior(mask, theta, result, rows);
    }

    /// <summary>Independent draws from p(theta_b | x), where the estimator is a density that stands alone; they may lie outside the
    /// prior's support.</summary>
    /// <param name="mask">The subset b, which the estimator covers.</param>
    /// <param name="x">One observation, flattened.</param>
    /// <param name="seed">Names the draws.</param>
    /// <param name="index">Which of the seed's batches of draws.</param>
    /// <param name="theta">Receives (n, |b|), row-major; its length decides n.</param>
    /// <returns>False when only chains can sample the estimate.</returns>
    internal bool TryDraw(ParameterMask mask, ReadOnlySpan<float> x, ulong seed, ulong index, Span<float> theta)
    {
        if (!DrawsDirectly) return false;
        var direct = (IDirectDraws)_estimator;

        using var off = no_grad();
        using var scope = NewDisposeScope();
        var random = new CounterRandom(seed, RandomPurpose.Chains, index);
        var y = _estimator.Embed(tensor(x.ToArray(), 1, _observationSize).to(_device));
        var rows = theta.Length / mask.Count;
        for (var first = 0; first < rows; first += _mostRows)
        {
            using var inner = NewDisposeScope();
            var count = Math.Min(_mostRows, rows - first);
            var drawn = direct.Draw(mask, y.expand(count, -1), ref random).cpu().contiguous();
            drawn.data<float>().ToArray().CopyTo(theta[(first * mask.Count)..]);
        }

        return true;
    }

    void IDirectPosterior.Draw(ParameterMask mask, ReadOnlySpan<float> x, ulong seed, ulong index, Span<float> theta)
    {
        if (!TryDraw(mask, x, seed, index, theta)) throw new NotSupportedException("only chains can sample this estimate");
    }

    public void LogRatio(ParameterMask mask, ReadOnlySpan<float> theta, ReadOnlySpan<float> x, Span<float> logRatio, Span<float> logFrozen)
    {
        if (!Covers(mask)) throw new ArgumentException($"the model was not trained for mask {mask}", nameof(mask));
        using var off = no_grad();
        for (var first = 0; first < logRatio.Length; first += _mostRows)
        {
            using var scope = NewDisposeScope();
            var rows = Math.Min(_mostRows, logRatio.Length - first);
            var block = tensor(theta.Slice(first * mask.Count, rows * mask.Count).ToArray(), rows, mask.Count).to(_device);
            var observed = tensor(x.Slice(first * _observationSize, rows * _observationSize).ToArray(), rows, _observationSize).to(_device);
            Copy(_estimator.LogValue(mask, block, _estimator.Embed(observed)), logRatio.Slice(first, rows));
            if (_adversary is not null) Copy(_adversary.LogRatio(mask, block, _adversary.Embed(observed)), logFrozen.Slice(first, rows));
        }

        if (!_estimator.IsDensity) return;
        for (var i = 0; i < logRatio.Length; i++) logRatio[i] -= (float)_simulator.LogPrior(mask, theta.Slice(i * mask.Count, mask.Count));

        static void Copy(Tensor values, Span<float> target) => values.cpu().contiguous().data<float>().ToArray().CopyTo(target);
    }

    public void Dispose()
    {
        _estimator.Dispose();
        _adversary?.Dispose();
    }

    private void AddPrior(ParameterMask mask, ReadOnlySpan<float> theta, Span<float> result, int rows)
    {
        for (var j = 0; j < rows; j++)
        {
            var prior = (float)_simulator.LogPrior(mask, theta.Slice(j * mask.Count, mask.Count));
            for (var at = j; at < result.Length; at += rows) result[at] += prior;
        }
    }
}
