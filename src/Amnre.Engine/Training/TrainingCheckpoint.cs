using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Amnre.Engine.Checkpoints;
using static TorchSharp.torch;

namespace Amnre.Engine.Training;

/// <summary>The state of a training as a file, from which it resumes to the same bytes. That of several models is one file, so that
/// they are never apart; names of the second model and on begin with its number.</summary>
internal static class TrainingCheckpoint
{
    private const string StateKey = "state", OfKey = "of";

    private static readonly JsonSerializerOptions StateJson = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    public static SafetensorsFile Of(Lockstep training, IReadOnlyList<TrainingState> states)
    {
        var (tensors, metadata) = (new OrderedDictionary<string, StoredTensor>(), new Dictionary<string, string>());
        for (var place = 0; place < states.Count; place++)
        {
            var (session, prefix) = (training.Sessions[place], Prefix(place));
            foreach (var (name, tensor) in session.Tensors()) tensors.Add(prefix + name, StateTransfer.Store(tensor));
            metadata[prefix + OfKey] = TrainingIdentity.Of(session).Text();
            metadata[prefix + StateKey] = WriteState(states[place]);
        }

        return new SafetensorsFile(tensors, metadata);
    }

    /// <summary>Why a checkpoint is not of these very models and inputs, as a clause; null when it is.</summary>
    public static string? Difference(Lockstep training, SafetensorsFile checkpoint)
    {
        if (checkpoint.Metadata.ContainsKey(Prefix(training.Sessions.Count) + OfKey))
            return $"it is of more models than the {training.Sessions.Count} in training";
        return training.Sessions.Select((session, place) => TrainingIdentity.Of(session)
            .Difference(checkpoint.Metadata.GetValueOrDefault(Prefix(place) + OfKey)))
            .FirstOrDefault(difference => difference is not null);
    }

    /// <summary>Puts the tensors of a checkpoint that is of the models into them.</summary>
    /// <returns>Their states.</returns>
    public static IReadOnlyList<TrainingState> Restore(Lockstep training, SafetensorsFile checkpoint)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var states = new List<TrainingState>();
        foreach (var (place, session) in training.Sessions.Index())
        {
            foreach (var (name, tensor) in session.Tensors())
                tensor.copy_(StateTransfer.ToTensor(Stored(checkpoint, Prefix(place) + name, tensor.shape)));
            states.Add(ReadState(checkpoint.Metadata.GetValueOrDefault(Prefix(place) + StateKey)));
        }

        return states;
    }

    private static StoredTensor Stored(SafetensorsFile checkpoint, string name, long[] shape) =>
        checkpoint.Tensors.TryGetValue(name, out var stored) && stored.Shape.SequenceEqual(shape) ? stored
            : throw new InputException(
                $"the checkpoint's '{name}' is not of shape [{string.Join(", ", shape)}]: it is not of this training, delete it");

    internal static string WriteState(TrainingState state) => JsonSerializer.Serialize(state, StateJson);

    /// <exception cref="InputException">Not the state of a training.</exception>
    internal static TrainingState ReadState(string? text)
    {
        try
        {
            var state = text is null ? null : JsonSerializer.Deserialize<TrainingState>(text, StateJson);
            return state is { SkippedSteps: not null, SkippedValidation: not null } ? state : throw new JsonException("it has none");
        }
        catch (JsonException wrong)
        {
            throw new InputException($"the checkpoint's state cannot be read: {wrong.Message}", wrong);
        }
    }

    private static string Prefix(int place) => place == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{place + 1}.");
}
