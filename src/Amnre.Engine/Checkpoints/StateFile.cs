namespace Amnre.Engine.Checkpoints;

/// <summary>The named tensors of a model, in PyTorch's order, as <c>.pth</c> and <c>.safetensors</c> files hold them.</summary>
public static class StateFile
{
    /// <summary>Reads a <c>.pth</c> or, by its ending, a <c>.safetensors</c> file.</summary>
    /// <exception cref="InputException">Not a readable file of named tensors.</exception>
    public static OrderedDictionary<string, StoredTensor> Read(string path)
    {
        if (IsSafetensors(path)) return SafetensorsFile.Read(path).Tensors;
        if (TorchArchive.Read(path) is not TorchValue.Mapping mapping)
            throw new InputException($"'{path}' holds no state dictionary (names with tensors): save model.state_dict()");

        var tensors = new OrderedDictionary<string, StoredTensor>();
        foreach (var (name, value) in mapping.Items)
            tensors[name] = value is TorchValue.Dense dense
                ? dense.Tensor
                : throw new InputException($"'{path}': '{name}' is not a tensor, so this is no state dictionary: save model.state_dict()");
        return tensors;
    }

    /// <summary>Writes a <c>.pth</c> or, by its ending, a <c>.safetensors</c> file.</summary>
    public static void Write(string path, IEnumerable<KeyValuePair<string, StoredTensor>> tensors)
    {
        if (IsSafetensors(path))
            new SafetensorsFile(new OrderedDictionary<string, StoredTensor>(tensors), new Dictionary<string, string>()).Write(path);
        else TorchArchive.Write(path, new TorchValue.Mapping(new OrderedDictionary<string, TorchValue>(
            tensors.Select(tensor => KeyValuePair.Create<string, TorchValue>(tensor.Key, new TorchValue.Dense(tensor.Value))))));
    }

    private static bool IsSafetensors(string path) => path.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase);
}
