namespace Amnre.Engine.Checkpoints;

/// <summary>The names that <c>torch.save</c> writes for tensors, and what each makes of its arguments.</summary>
/// <param name="archive">Where the elements are.</param>
internal sealed class TorchVocabulary(TorchRecords archive)
{
    private const string OrderedDictionary = "collections.OrderedDict";
    private const string Tensor = "torch._utils._rebuild_tensor_v2";
    private const string Parameter = "torch._utils._rebuild_parameter";
    private const string Sparse = "torch._utils._rebuild_sparse_tensor";
    private const string Layout = "torch.serialization._get_layout";
    private const string Size = "torch.Size";

    private static readonly HashSet<string> Names = [OrderedDictionary, Tensor, Parameter, Sparse, Layout, Size];

    public static bool Knows(string name) => Names.Contains(name) || StorageType(name) is not null;

    /// <summary>The record that a persistent identifier <c>('storage', type, key, device, elements)</c> stands for.</summary>
    public static TorchValue Storage(TorchValue identifier) =>
        identifier is TorchValue.Sequence
        {
            Items: [TorchValue.Text { Value: "storage" }, TorchValue.Name type, TorchValue.Text key, TorchValue.Text,
                    TorchValue.Integer elements],
        }
        && StorageType(type.FullName) is { } elementType
            ? new TorchValue.Storage(elementType, key.Value, elements.Value)
            : throw new FormatException("it refers to a record in a way that files of tensors do not");

    public TorchValue Reduce(TorchValue function, TorchValue.Sequence arguments) =>
        (function as TorchValue.Name)?.FullName switch
        {
            OrderedDictionary when arguments.Items.Count == 0 => new TorchValue.Mapping([]),
            Tensor => Dense(arguments.Items),
            Parameter when arguments.Items.Count >= 1 => arguments.Items[0],
            Layout => new TorchValue.None(),
            Size when arguments.Items is [TorchValue.Sequence sizes] => sizes,
            Sparse => Coordinates(arguments.Items),
            _ => throw new FormatException("it calls something that files of tensors do not"),
        };

    private TorchValue.Dense Dense(IReadOnlyList<TorchValue> arguments) =>
        arguments is [TorchValue.Storage storage, TorchValue.Integer offset, TorchValue.Sequence sizes, TorchValue.Sequence strides, ..]
            ? new TorchValue.Dense(archive.Gather(storage, offset.Value, TorchRecords.Integers(sizes), TorchRecords.Integers(strides)))
            : throw new FormatException("it has a tensor whose description is not understood");

    private TorchValue.Sparse Coordinates(IReadOnlyList<TorchValue> arguments)
    {
        if (arguments
            is not [_, TorchValue.Sequence { Items: [TorchValue.Dense indices, TorchValue.Dense values, TorchValue.Sequence sizes, ..] }]
            || indices.Tensor is not { Type: ElementType.Int64, Shape: [var dimensions, var entries] }
            || values.Tensor.Shape is not [var count] || count != entries)
            throw new FormatException("it has a sparse tensor whose description is not understood");

        var shape = TorchRecords.Integers(sizes);
        if (shape.Length != dimensions) throw new FormatException("it has a sparse tensor whose indices do not fit its shape");
        archive.Use(indices.Tensor.Bytes.LongLength);
        var coordinates = indices.Tensor.Values<long>();
        for (var d = 0; d < shape.Length; d++)
            foreach (var coordinate in coordinates.Slice((int)(d * entries), (int)entries))
                if (coordinate < 0 || coordinate >= shape[d])
                    throw new FormatException("it has a sparse tensor with an index outside its shape");
        return new TorchValue.Sparse(indices.Tensor, values.Tensor, shape);
    }

    private static ElementType? StorageType(string name) =>
        name.StartsWith("torch.", StringComparison.Ordinal) ? ElementTypes.OfStorage(name["torch.".Length..]) : null;
}
