using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Amnre.Engine.Checkpoints;
using Amnre.Engine.Networks;
using static TorchSharp.torch;

namespace Amnre.Engine.Training;

/// <summary>The state of a training as a file, from which it goes on to the same bytes. That of several models is one file, so that
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
            metadata[prefix + OfKey] = Identity(session);
            metadata[prefix + StateKey] = WriteState(states[place]);
        }

        return new SafetensorsFile(tensors, metadata);
    }

    /// <summary>Whether a checkpoint is of these very models.</summary>
    public static bool IsOf(Lockstep training, SafetensorsFile checkpoint) =>
        training.Sessions.Index().All(one => checkpoint.Metadata.GetValueOrDefault(Prefix(one.Index) + OfKey) == Identity(one.Item))
        && !checkpoint.Metadata.ContainsKey(Prefix(training.Sessions.Count) + OfKey);

    /// <summary>Puts the tensors of a checkpoint that <see cref="IsOf"/> the models into them.</summary>
    /// <returns>Their states.</returns>
    public static IReadOnlyList<TrainingState> Restore(Lockstep training, SafetensorsFile checkpoint)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var states = new List<TrainingState>();
        foreach (var (place, session) in training.Sessions.Index())
        {
            foreach (var (name, tensor) in session.Tensors()) tensor.copy_(StateTransfer.ToTensor(Stored(checkpoint, Prefix(place) + name, tensor.shape)));
            states.Add(ReadState(checkpoint.Metadata.GetValueOrDefault(Prefix(place) + StateKey)));
        }

        return states;
    }

    private static StoredTensor Stored(SafetensorsFile checkpoint, string name, long[] shape) =>
        checkpoint.Tensors.TryGetValue(name, out var stored) && stored.Shape.SequenceEqual(shape) ? stored
            : throw new InputException($"the checkpoint's '{name}' is not of shape [{string.Join(", ", shape)}]: it is not of this training, delete it");

    internal static string WriteState(TrainingState state) => JsonSerializer.Serialize(state, StateJson);

    /// <exception cref="InputException">Not the state of a training.</exception>
    internal static TrainingState ReadState(string? text)
    {
        try
        {
            return (text is null ? null : JsonSerializer.Deserialize<TrainingState>(text, StateJson)) ?? throw new JsonException("it has none");
        }
        catch (JsonException wrong)
        {
            throw new InputException($"the checkpoint's state cannot be read: {wrong.Message}", wrong);
        }
    }

    private static string Prefix(int place) => place == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{place + 1}.");

    private static string Identity(TrainingSession session) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        $"{JsonSerializer.Serialize(session.Settings)} {session.Steps} {(session.ValidationSteps > 0 ? session.ValidationSteps : null)}")));
}
