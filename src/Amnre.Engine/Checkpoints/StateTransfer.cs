using Amnre.Engine.Networks;
using static TorchSharp.torch;

namespace Amnre.Engine.Checkpoints;

/// <summary>Moves tensors between models and files.</summary>
internal static class StateTransfer
{
    /// <summary>A copy of the module's tensors, on no device.</summary>
    public static OrderedDictionary<string, StoredTensor> Save(Module module) =>
        new(module.State().Select(entry => KeyValuePair.Create(entry.Path, Store(entry.Slot.Value))));

    /// <summary>Copies <paramref name="tensors"/> into the module's.</summary>
    /// <exception cref="InputException">A name is missing or not the model's, or a shape differs; says which.</exception>
    public static void Load(Module module, IReadOnlyDictionary<string, StoredTensor> tensors, string source)
    {
        var slots = module.State().ToList();
        var missing = slots.Where(entry => !tensors.ContainsKey(entry.Path)).Select(entry => entry.Path).ToList();
        var unknown = tensors.Keys.Except(slots.Select(entry => entry.Path)).ToList();
        if (missing.Count + unknown.Count > 0)
            throw new InputException(
                $"'{source}' does not fit the model of its settings: "
                + $"{(missing.Count > 0 ? $"it lacks {Some(missing)}" : "")}{(missing.Count * unknown.Count > 0 ? "; " : "")}" +
                    $"{(unknown.Count > 0 ? $"the model has no {Some(unknown)}" : "")}. "
                + "Give the weights and the .json that were written together.");

        using var scope = NewDisposeScope();
        using var off = no_grad();
        foreach (var (path, slot) in slots)
        {
            var stored = tensors[path];
            if (!stored.Shape.SequenceEqual(slot.Value.shape))
                throw new InputException($"'{source}': '{path}' is of shape [{string.Join(", ", stored.Shape)}], but the model's is " +
                    $"[{string.Join(", ", slot.Value.shape)}]. Give the weights and the .json that were written together.");
            slot.Value.copy_(ToTensor(stored));
        }
    }

    public static Tensor ToTensor(StoredTensor stored)
    {
        var tensor = empty([.. stored.Shape], Types[(int)stored.Type]);
        if (stored.Bytes.Length > 0) stored.Bytes.CopyTo(tensor.bytes);
        return tensor;
    }

    public static StoredTensor Store(Tensor tensor)
    {
        using var plain = tensor.detach().cpu().contiguous();
        var type = Array.IndexOf(Types, plain.dtype);
        if (type < 0) throw new NotSupportedException($"tensors of {plain.dtype} are not stored");
        return new StoredTensor((ElementType)type, plain.shape, plain.numel() == 0 ? [] : plain.bytes.ToArray());
    }

    private static readonly ScalarType[] Types =
    [
        ScalarType.Float32, ScalarType.Float64, ScalarType.Float16, ScalarType.BFloat16, ScalarType.Int64,
        ScalarType.Int32, ScalarType.Int16, ScalarType.Int8, ScalarType.Byte, ScalarType.Bool,
    ];

    private static string Some(List<string> names) =>
        string.Join(", ", names.Take(3)) + (names.Count > 3 ? $" and {names.Count - 3} more" : "");
}
