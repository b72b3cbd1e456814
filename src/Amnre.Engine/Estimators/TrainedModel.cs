using Amnre.Engine.Checkpoints;
using Amnre.Engine.Embeddings;
using Amnre.Engine.Masks;
using Amnre.Engine.Native;
using Amnre.Engine.Networks;
using Amnre.Engine.Posteriors;
using Amnre.Engine.Randomness;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;
using TorchSharp;
using static TorchSharp.torch;

namespace Amnre.Engine.Estimators;

/// <summary>A trained estimator, loaded from its weights (<c>.pth</c>) and the settings beside them (<c>.json</c>).</summary>
/// <remarks>Needs neither the training dataset nor the device of training. Not for use by several threads at once.</remarks>
public sealed class TrainedModel : ITrainedPosterior
{
    /// <summary>Rows of one evaluation on one processor: enough to use it well, few enough that they stay in its cache. The
    /// same for any number of threads, so that the results are too.</summary>
    private const int ProcessorRows = 1 << 9;

    /// <summary>Rows of one evaluation on a GPU.</summary>
    private const int GpuRows = 1 << 16;

    private readonly ISimulator _simulator;
    private readonly Estimator _estimator;
    private readonly Adversary? _adversary;
    private readonly int _observationSize;
    private readonly bool _inverse;
    private readonly Device _device;
    private readonly int _maxRows, _threads;

    /// <summary>What it was trained on; null where its file does not say.</summary>
    internal TrainingRecord? TrainedOn { get; private init; }

    TrainingRecord? ITrainedPosterior.TrainedOn => TrainedOn;

    /// <inheritdoc/>
    public bool TakesMissing { get; private init; }

    private TrainedModel(ISimulator simulator, Estimator estimator, Adversary? adversary, bool inverse, Device device, int threads)
    {
        (_simulator, _estimator, _adversary, _inverse, _device) = (simulator, estimator, adversary, inverse, device);
        _observationSize = simulator.ObservationSize;
        (_maxRows, _threads) = device.type == DeviceType.CPU ? (ProcessorRows, threads) : (GpuRows, 1);
        if (device.type == DeviceType.CPU) return;
        estimator.MoveTo(device);
        adversary?.MoveTo(device);
    }

    /// <param name="pthPath">Weights; the settings are read from the same path with the ending <c>.json</c>.</param>
    /// <param name="simulator">The simulator that the model was trained for.</param>
    /// <param name="threads">CPU threads that share the rows of an evaluation. The tensor library itself gets one, for the whole process:
    /// many rows in one thread each need no waiting for one another after every operation.</param>
    /// <param name="device">Null for the processor.</param>
    /// <exception cref="InputException">A file is missing or damaged, or the two do not belong together, or there is no such
    /// device.</exception>
    public static TrainedModel Load(string pthPath, ISimulator simulator, int threads, ComputeDevice? device = null)
    {
        TorchLibrary.SetThreads(1);
        device ??= ComputeDevice.Cpu;
        var place = ComputeDevice.Error(device) is { } error ? throw new InputException($"device {error}") : TrainingDevice.Open(device);
        var (estimator, file) = EstimatorAssembly.Load(pthPath, simulator);
        try
        {
            var adversary = file.Inputs.Adversary is { } given
                ? EstimatorAssembly.LoadAdversary(AdversaryOf(pthPath, given), file.Settings, simulator)
                : null;
            return new TrainedModel(simulator, estimator, adversary, file.Settings.Inverse, place, threads)
            {
                TrainedOn = file.TrainedOn,
                TakesMissing = file.Settings.Trials || EmbeddingOptions.TakesMissing(file.Settings.Embedding),
            };
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

    public bool HasFreeFactor => TrainedOn is { HasFreeFactor: true };

    public bool? WeighsJoint => _adversary is null ? null : _inverse;

    bool IDirectPosterior.DrawsDirectly => _estimator.IsDensity && _adversary is null && _estimator is IDirectDraws;

    /// <inheritdoc/>
    /// <remarks><paramref name="x"/> is standardised where its dataset stores moments (<c>mu</c>, <c>sigma</c>), as in training.</remarks>
    public void LogDensity(ParameterMask mask, ReadOnlySpan<float> x, ReadOnlySpan<float> theta, Span<float> result)
    {
        if (!Covers(mask)) throw new ArgumentException($"the model was not trained for mask {mask}", nameof(mask));
        int observations = x.Length / _observationSize, rows = theta.Length / mask.Count;
        if (observations * _observationSize != x.Length || rows * mask.Count != theta.Length || result.Length != observations * rows)
            throw new ArgumentException("the lengths of x, theta and result do not fit", nameof(result));

        var width = Math.Min(rows, _maxRows);
        var height = Math.Max(1, _maxRows / Math.Max(width, 1));
        var across = (rows + width - 1) / Math.Max(width, 1);
        var (allTheta, allX, values) = (theta.ToArray(), x.ToArray(), new float[result.Length]);
        Share(across * ((observations + height - 1) / height), block =>
        {
            int i = block / across * height, j = block % across * width;
            int m = Math.Min(height, observations - i), n = Math.Min(width, rows - j);
            var observed = Rows(allX, _observationSize, i, m);
            var pairs = Rows(allTheta, mask.Count, j, n).repeat(m, 1);
            var value = _estimator.LogValue(mask, pairs, _estimator.Embed(observed).repeat_interleave(n, 0));
            // Telescoping: this estimator learnt the residual, so add the frozen log ratio.
            if (_adversary is not null)
                value = value.Plus(_adversary.LogRatio(mask, pairs, _adversary.Embed(observed).repeat_interleave(n, 0)));
            var flat = Number.ReadAll<float>(value);
            for (var row = 0; row < m; row++)
                flat.AsSpan(row * n, n).CopyTo(values.AsSpan((i + row) * rows + j));
        });
        values.CopyTo(result);
        if (!_estimator.IsDensity) AddPrior(mask, theta, result, rows);
    }

    /// <exception cref="NotSupportedException">Only chains can sample the estimate.</exception>
    void IDirectPosterior.Draw(ParameterMask mask, ReadOnlySpan<float> x, ulong seed, ulong index, Span<float> theta)
    {
        if (!((IDirectPosterior)this).DrawsDirectly) throw new NotSupportedException("only chains can sample this estimate");
        var direct = (IDirectDraws)_estimator;
        var random = new CounterRandom(seed, RandomPurpose.Chains, index);
        var noise = new float[theta.Length];
        for (var i = 0; i < noise.Length; i++) noise[i] = (float)random.NextNormal();
        var (observed, drawn, rows) = (x.ToArray(), new float[theta.Length], theta.Length / mask.Count);
        Share((rows + _maxRows - 1) / _maxRows, block =>
        {
            var first = block * _maxRows;
            var count = Math.Min(_maxRows, rows - first);
            var y = _estimator.Embed(Rows(observed, _observationSize, 0, 1));
            var own = direct.Draw(mask, y.expand(count, -1), Rows(noise, mask.Count, first, count));
            Number.ReadAll<float>(own).CopyTo(drawn, first * mask.Count);
        });
        drawn.CopyTo(theta);
    }

    public void LogRatio(ParameterMask mask, ReadOnlySpan<float> theta, ReadOnlySpan<float> x, Span<float> logRatio, Span<float> logFrozen)
    {
        if (!Covers(mask)) throw new ArgumentException($"the model was not trained for mask {mask}", nameof(mask));
        var (allTheta, allX, values, frozen) = (theta.ToArray(), x.ToArray(), new float[logRatio.Length], new float[logFrozen.Length]);
        Share((values.Length + _maxRows - 1) / _maxRows, block =>
        {
            var first = block * _maxRows;
            var count = Math.Min(_maxRows, values.Length - first);
            var (own, observed) = (Rows(allTheta, mask.Count, first, count), Rows(allX, _observationSize, first, count));
            Number.ReadAll<float>(_estimator.LogValue(mask, own, _estimator.Embed(observed))).CopyTo(values, first);
            if (_adversary is not null)
                Number.ReadAll<float>(_adversary.LogRatio(mask, own, _adversary.Embed(observed))).CopyTo(frozen, first);
        });
        values.CopyTo(logRatio);
        frozen.CopyTo(logFrozen);

        if (!_estimator.IsDensity) return;
        for (var i = 0; i < logRatio.Length; i++) logRatio[i] -= (float)_simulator.LogPrior(mask, theta.Slice(i * mask.Count, mask.Count));
    }

    public void Dispose()
    {
        _estimator.Dispose();
        _adversary?.Dispose();
    }

    /// <summary>Evaluates each block of rows once, without a graph.</summary>
    private void Share(int blocks, Action<int> evaluate) =>
        Parallel.For(0, blocks, new ParallelOptions { MaxDegreeOfParallelism = _threads }, block =>
        {
            // A thread takes over the number of threads that was set when it first asks for it.
            _ = get_num_threads();
            using var off = no_grad();
            using var scope = NewDisposeScope();
            evaluate(block);
        });

    private Tensor Rows(float[] values, int size, int first, int count) =>
        tensor(values.AsSpan(first * size, count * size).ToArray(), count, size).to(_device);

    private void AddPrior(ParameterMask mask, ReadOnlySpan<float> theta, Span<float> result, int rows)
    {
        for (var j = 0; j < rows; j++)
        {
            var prior = (float)_simulator.LogPrior(mask, theta.Slice(j * mask.Count, mask.Count));
            for (var at = j; at < result.Length; at += rows) result[at] += prior;
        }
    }
}
