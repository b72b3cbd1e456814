using Amnre.Engine.Checkpoints;
using Amnre.Engine.Masks;
using Amnre.Engine.Native;
using Amnre.Engine.Networks;
using Amnre.Engine.Simulators;
using static TorchSharp.torch;

namespace Amnre.Engine.Estimators;

/// <summary>A trained estimator, loaded from its weights (<c>.pth</c>) and the settings beside them (<c>.json</c>).</summary>
/// <remarks>Needs neither the training dataset nor the device of training. Not for use by several threads at once.</remarks>
public sealed class TrainedModel : IMarginalPosterior
{
    /// <summary>Rows of one evaluation: large enough to fill the machine, small enough to stay in its caches.</summary>
    private const int MaxRows = 1 << 14;

    private readonly ISimulator _simulator;
    private readonly Estimator _estimator;
    private readonly int _observationSize;

    private TrainedModel(ISimulator simulator, Estimator estimator)
    {
        (_simulator, _estimator) = (simulator, estimator);
        _observationSize = simulator.ObservationShape.Aggregate(1, (product, size) => product * size);
    }

    /// <param name="pthPath">Weights; the settings are read from the same path with the ending <c>.json</c>.</param>
    /// <param name="simulator">The simulator that the model was trained for.</param>
    /// <param name="threads">CPU threads of the tensor library, for the whole process.</param>
    /// <exception cref="InputException">A file is missing or damaged, or the two do not belong together.</exception>
    public static TrainedModel Load(string pthPath, ISimulator simulator, int threads)
    {
        TorchLibrary.SetThreads(threads);
        var file = ModelFile.Read(Path.ChangeExtension(pthPath, ".json"));
        if (file.Settings.Simulator != simulator.Name)
            throw new InputException($"'{pthPath}' was trained for simulator {file.Settings.Simulator}, not {simulator.Name}: choose {file.Settings.Simulator}");

        var size = simulator.Labels.Count;
        // The moments of the prior come with the weights.
        var placeholder = PriorMoments.Given(new float[size], [.. Enumerable.Repeat(1f, size)]);
        var estimator = EstimatorAssembly.Build(file.Settings, simulator, placeholder, new ForwardMode());
        try
        {
            StateTransfer.Load(estimator, StateFile.Read(pthPath), pthPath);
            return new TrainedModel(simulator, estimator);
        }
        catch
        {
            estimator.Dispose();
            throw;
        }
    }

    public bool Covers(ParameterMask mask) => _estimator.Covers(mask);

    /// <inheritdoc/>
    /// <remarks><paramref name="x"/> is standardised where its dataset stores moments (<c>mu</c>, <c>sigma</c>), as in training.</remarks>
    public void LogDensity(ParameterMask mask, ReadOnlySpan<float> x, ReadOnlySpan<float> theta, Span<float> result)
    {
        if (!Covers(mask)) throw new ArgumentException($"the model was not trained for mask {mask}", nameof(mask));
        int observations = x.Length / _observationSize, rows = theta.Length / mask.Count;
        if (observations * _observationSize != x.Length || rows * mask.Count != theta.Length || result.Length != observations * rows)
            throw new ArgumentException("the lengths of x, theta and result do not fit", nameof(result));

        using var off = no_grad();
        var width = Math.Min(rows, MaxRows);
        var height = Math.Max(1, MaxRows / Math.Max(width, 1));
        for (var i = 0; i < observations; i += height)
        {
            var m = Math.Min(height, observations - i);
            using var outer = NewDisposeScope();
            var y = _estimator.Embed(tensor(x.Slice(i * _observationSize, m * _observationSize).ToArray(), m, _observationSize));
            for (var j = 0; j < rows; j += width)
            {
                var n = Math.Min(width, rows - j);
                using var inner = NewDisposeScope();
                var block = tensor(theta.Slice(j * mask.Count, n * mask.Count).ToArray(), n, mask.Count);
                var values = _estimator.LogValue(mask, block.repeat(m, 1), y.repeat_interleave(n, 0));
                var flat = values.data<float>();
                for (var row = 0; row < m; row++)
                    for (var column = 0; column < n; column++)
                        result[(i + row) * rows + j + column] = flat[row * n + column];
            }
        }

        if (!_estimator.IsDensity) AddPrior(mask, theta, result, rows);
    }

    public void Dispose() => _estimator.Dispose();

    private void AddPrior(ParameterMask mask, ReadOnlySpan<float> theta, Span<float> result, int rows)
    {
        for (var j = 0; j < rows; j++)
        {
            var prior = (float)_simulator.LogPrior(mask, theta.Slice(j * mask.Count, mask.Count));
            for (var at = j; at < result.Length; at += rows) result[at] += prior;
        }
    }
}
