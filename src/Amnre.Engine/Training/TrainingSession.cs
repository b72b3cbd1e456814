using Amnre.Engine.Checkpoints;
using Amnre.Engine.Estimators;
using Amnre.Engine.Networks;
using Amnre.Engine.Optimization;
using Amnre.Engine.Randomness;
using Amnre.Engine.Rows;
using Amnre.Engine.Settings;
using Amnre.Engine.TrainingRows;
using TorchSharp;
using static TorchSharp.torch;

namespace Amnre.Engine.Training;

/// <summary>One model in training: the estimator, its optimiser and data, and how a step changes them.</summary>
internal sealed class TrainingSession : IDisposable
{
    private readonly TrainingSetup _setup;
    private readonly ModelWeights _model;
    private readonly AdamW _optimizer;
    private readonly EpochDraws _trainingDraws, _validationDraws;

    /// <param name="setup">Owned from now on.</param>
    /// <param name="flat">The parameters of the setup's estimator; owned from now on.</param>
    /// <param name="together">Whether networks are trained as batched products.</param>
    public TrainingSession(TrainingSetup setup, FlatParameters flat, bool together)
    {
        _setup = setup;
        Loss = setup.Estimator.Loss(setup.Loss with { Together = together });
        setup.Mode.FirstDerivativesOnly = true;
        _model = new ModelWeights(setup.Estimator, flat, Settings.Average);
        _optimizer = new AdamW(flat.Values, flat.Gradients, Settings.WeightDecay, Settings.AmsGrad);
        _trainingDraws = EpochDraws.Training(Settings.Seed);
        _validationDraws = EpochDraws.Validation(Settings.Seed);
    }

    public TrainSettings Settings => _setup.Settings;

    public InputDigests Inputs => _setup.Inputs;

    public TrainingRecord? Record => _setup.Record;

    public Device Device => _model.Flat.Values.device;

    public ITrainingLoss Loss { get; }

    /// <summary>Steps in an epoch.</summary>
    public int Steps => _setup.Rows.Steps;

    public int ValidationSteps => _setup.Validation?.Steps ?? 0;

    /// <summary>2-norm of the gradient.</summary>
    public Tensor GradientNorm => _model.Flat.Gradients.norm();

    /// <summary>Makes ready for a step of descent: no gradient, the step's draws.</summary>
    /// <returns>Its batch, in the caller's dispose scope.</returns>
    public TrainingBatch Begin(int epoch, int step)
    {
        _setup.Mode.Training = true;
        _setup.Mode.Dropout?.Dispose();
        _setup.Mode.Dropout = _setup.Mode.NeedsDropout ? DropoutOf(epoch, step) : null;
        _model.Flat.Gradients.zero_();
        var (theta, x) = _setup.Rows.Batch(epoch, step);
        return new TrainingBatch(theta, x, _trainingDraws.OfStep(epoch, step));
    }

    /// <summary>Ends a step of descent: follows the gradient, if it can be. Call without gradient recording.</summary>
    /// <param name="state">Before the step.</param>
    /// <param name="batch">What it saw.</param>
    /// <param name="loss">Of its batch.</param>
    /// <param name="norm">Value of <see cref="GradientNorm"/>.</param>
    public TrainingState End(TrainingState state, TrainingBatch batch, float loss, float norm)
    {
        state = state with { Step = state.Step + 1 };
        if (!float.IsFinite(loss) || !float.IsFinite(norm))
            return state with { SkippedSteps = Skipped(state.SkippedSteps, _setup.Rows, batch, loss) };

        var coefficient = Settings.Clip / (norm + 1e-6);
        if (coefficient < 1)
        {
            using var scale = coefficient.ToScalar();
            _model.Flat.Gradients.mul_(scale);
        }

        _optimizer.Updates = state.Updates;
        _optimizer.Step(state.Schedule.Rate);
        _model.Average(_optimizer.Updates);
        return state with { Updates = _optimizer.Updates, Losses = state.Losses.Add(loss) };
    }

    /// <summary>A batch of the validation set, in the caller's dispose scope.</summary>
    public TrainingBatch BeginValidation(int epoch, int step)
    {
        _setup.Mode.Training = false;
        var (theta, x) = _setup.Validation!.Batch(epoch, step);
        return new TrainingBatch(theta, x, _validationDraws.OfStep(epoch, step));
    }

    /// <summary>Counts a batch of the validation set whose loss is not finite.</summary>
    public TrainingState SkipValidation(TrainingState state, TrainingBatch batch) =>
        state with { SkippedValidation = Skipped(state.SkippedValidation, _setup.Validation!, batch, float.NaN) };

    /// <summary>Swaps in the averaged weights for validation until disposed.</summary>
    public IDisposable? Offered() => _model.Offered();

    /// <summary>Remembers the weights of the epoch that has just ended as the best so far.</summary>
    public void KeepBest()
    {
        using var off = no_grad();
        _model.KeepBest();
    }

    /// <summary>The state dictionaries of the last and of the best epoch. The training cannot continue after it.</summary>
    public (OrderedDictionary<string, StoredTensor> Last, OrderedDictionary<string, StoredTensor> Best) Settled()
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        _setup.Mode.Training = false;
        _model.Offer();
        _setup.Estimator.Settle();
        var last = StateTransfer.Save(_setup.Estimator);
        _model.OfferBest();
        _setup.Estimator.Settle();
        return (last, StateTransfer.Save(_setup.Estimator));
    }

    /// <summary>With a <see cref="TrainingState"/>, everything that the training's future depends on.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> Tensors()
    {
        foreach (var held in _model.Tensors()) yield return held;
        yield return ("mean", _optimizer.Mean);
        yield return ("square", _optimizer.Square);
        if (_optimizer.LargestSquare is not null) yield return ("largest_square", _optimizer.LargestSquare);
    }

    public void Dispose()
    {
        _optimizer.Dispose();
        _model.Dispose();
        _setup.Dispose();
    }

    private static SkippedSteps Skipped(SkippedSteps before, ITrainingRows rows, TrainingBatch batch, float loss)
    {
        if (!IsFinite(batch.Theta) || !IsFinite(batch.X)) return before.ForRows(rows.FirstNonFinite);
        return float.IsFinite(loss) ? before with { Gradient = before.Gradient + 1 } : before with { Loss = before.Loss + 1 };
    }

    private static bool IsFinite(Tensor values) => NonFiniteRows.AllFinite(Number.ReadAll<float>(values.cpu()));

    private Generator DropoutOf(int epoch, int step) =>
        new(new CounterRandom(Settings.Seed, RandomPurpose.Dropout, (ulong)epoch << 32 | (uint)step).NextUInt64(), Device);
}
