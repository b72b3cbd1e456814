using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Amnre.Engine.Checkpoints;
using Amnre.Engine.Estimators;
using Amnre.Engine.Networks;
using Amnre.Engine.Randomness;
using TorchSharp;
using static TorchSharp.torch;

namespace Amnre.Engine.Training;

/// <summary>A training under way: the estimator, its optimiser and data, and the steps that change them.</summary>
internal sealed class TrainingSession : IDisposable
{
    private const string StateKey = "state", OfKey = "of";

    private static readonly JsonSerializerOptions StateJson = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    private readonly TrainSettings _settings;
    private readonly Estimator _estimator;
    private readonly ForwardMode _mode;
    private readonly ITrainingLoss _loss;
    private readonly ITrainingRows _rows;
    private readonly ITrainingRows? _validation;
    private readonly ImportanceWeights? _weights;
    private readonly ModelWeights _model;
    private readonly AdamW _optimizer;
    private readonly EpochDraws _trainingDraws, _validationDraws;
    private readonly Device _device;
    private readonly string _identity;

    public TrainingSession(
        TrainSettings settings, Estimator estimator, ForwardMode mode, LossOptions loss, ITrainingRows rows, ITrainingRows? validation)
    {
        (_settings, _estimator, _mode, _rows, _validation, _weights) = (settings, estimator, mode, rows, validation, loss.Weights);
        _device = TrainingDevice.Open(settings.Device);
        _loss = estimator.Loss(loss with { Together = _device.type == DeviceType.CUDA });
        mode.FirstDerivativesOnly = true;
        _model = new ModelWeights(estimator, _device, settings.Average);
        _optimizer = new AdamW(_model.Flat.Values, _model.Flat.Gradients, settings.WeightDecay, settings.AmsGrad);
        _trainingDraws = EpochDraws.Training(settings.Seed);
        _validationDraws = EpochDraws.Validation(settings.Seed);
        _identity = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
            $"{JsonSerializer.Serialize(settings)} {rows.Steps} {validation?.Steps}")));
    }

    /// <summary>Steps in an epoch.</summary>
    public int Steps => _rows.Steps;

    public int ValidationSteps => _validation?.Steps ?? 0;

    /// <summary>Makes one step of descent and returns the state after it.</summary>
    public TrainingState Step(TrainingState state)
    {
        using var scope = NewDisposeScope();
        _mode.Training = true;
        using var dropout = _mode.NeedsDropout ? DropoutOf(state.Epoch, state.Step) : null;
        _mode.Dropout = dropout;
        var (theta, x) = _rows.Batch(state.Epoch, state.Step);
        var draws = _trainingDraws.OfStep(state.Epoch, state.Step);
        _model.Flat.Gradients.zero_();
        var loss = zeros([], device: _device);
        foreach (var part in _loss.Parts) loss += Descend(part, theta, x, draws);

        using var off = no_grad();
        // Both numbers in one transfer: each one waits for the device.
        var read = stack([loss, _model.Flat.Gradients.norm()]).cpu();
        var (value, norm) = (Number.Read<float>(read[0]), Number.Read<float>(read[1]));
        state = state with { Step = state.Step + 1 };
        if (!float.IsFinite(value) || !float.IsFinite(norm)) return state with { Skipped = state.Skipped + 1 };

        var coefficient = _settings.Clip / (norm + 1e-6);
        if (coefficient < 1)
        {
            using var scale = coefficient.ToScalar();
            _model.Flat.Gradients.mul_(scale);
        }

        _optimizer.Updates = state.Updates;
        _optimizer.Step(state.Schedule.Rate);
        _model.Average(_optimizer.Updates);
        return state with { Updates = _optimizer.Updates, Losses = state.Losses.Add(value) };
    }

    /// <summary>The loss of one batch of the validation set; null where it is not finite.</summary>
    public float? Validate(int epoch, int step)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        _mode.Training = false;
        var (theta, x) = _validation!.Batch(epoch, step);
        var draws = _validationDraws.OfStep(epoch, step);
        var value = _model.WithOffered(() => _loss.Parts.Sum(part => Value(part, theta, x, draws)));
        return float.IsFinite(value) ? value : null;
    }

    /// <summary>Adds the gradient of one part of the loss, and frees all that it took.</summary>
    private static Tensor Descend(ITrainingLoss part, Tensor theta, Tensor x, CounterRandom draws)
    {
        using var scope = NewDisposeScope();
        var loss = part.Of(theta, x, ref draws);
        loss.backward();
        return loss.detach().MoveToOuterDisposeScope();
    }

    private static float Value(ITrainingLoss part, Tensor theta, Tensor x, CounterRandom draws)
    {
        using var scope = NewDisposeScope();
        return Number.Read<float>(part.Of(theta, x, ref draws));
    }

    /// <summary>Remembers the weights of the epoch that has just ended as the best so far.</summary>
    public void KeepBest()
    {
        using var off = no_grad();
        _model.KeepBest();
    }

    /// <summary>The state dictionaries of the last and of the best epoch. The training cannot go on after it.</summary>
    public (OrderedDictionary<string, StoredTensor> Last, OrderedDictionary<string, StoredTensor> Best) Settled()
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        _mode.Training = false;
        _model.Offer();
        _estimator.Settle();
        var last = StateTransfer.Save(_estimator);
        _model.OfferBest();
        _estimator.Settle();
        return (last, StateTransfer.Save(_estimator));
    }

    /// <summary>Everything that <see cref="Restore"/> needs to go on to the same bytes.</summary>
    public SafetensorsFile Checkpoint(TrainingState state) => new(
        new OrderedDictionary<string, StoredTensor>(Tensors().Select(entry => KeyValuePair.Create(entry.Name, StateTransfer.Store(entry.Tensor)))),
        new Dictionary<string, string>
        {
            [OfKey] = _identity,
            [StateKey] = JsonSerializer.Serialize(state, StateJson),
        });

    /// <summary>Whether a checkpoint is of this very training.</summary>
    public bool Owns(SafetensorsFile checkpoint) =>
        checkpoint.Metadata.GetValueOrDefault(OfKey) == _identity && checkpoint.Metadata.ContainsKey(StateKey);

    public TrainingState Restore(SafetensorsFile checkpoint)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        foreach (var (name, tensor) in Tensors()) tensor.copy_(StateTransfer.ToTensor(checkpoint.Tensors[name]));
        return JsonSerializer.Deserialize<TrainingState>(checkpoint.Metadata[StateKey], StateJson)
            ?? throw new InputException("the checkpoint has no state");
    }

    public void Dispose()
    {
        _rows.Dispose();
        _validation?.Dispose();
        _optimizer.Dispose();
        _model.Dispose();
        _estimator.Dispose();
        _weights?.Adversary.Dispose();
    }

    private Generator DropoutOf(int epoch, int step) =>
        new(new CounterRandom(_settings.Seed, RandomPurpose.Dropout, (ulong)epoch << 32 | (uint)step).NextUInt64(), _device);

    private IEnumerable<(string Name, Tensor Tensor)> Tensors()
    {
        foreach (var held in _model.Tensors()) yield return held;
        yield return ("mean", _optimizer.Mean);
        yield return ("square", _optimizer.Square);
        if (_optimizer.LargestSquare is not null) yield return ("largest_square", _optimizer.LargestSquare);
    }
}
