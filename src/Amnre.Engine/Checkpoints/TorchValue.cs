namespace Amnre.Engine.Checkpoints;

/// <summary>What a PyTorch archive (<c>torch.save</c>) holds, as data: tensors in tuples, lists and dictionaries.</summary>
/// <remarks>A crafted file can make a value contain itself: walk with a bound.</remarks>
internal abstract class TorchValue
{
    private TorchValue() { }

    public sealed class None : TorchValue;

    public sealed class Flag(bool value) : TorchValue
    {
        public bool Value { get; } = value;
    }

    public sealed class Integer(long value) : TorchValue
    {
        public long Value { get; } = value;
    }

    public sealed class Real(double value) : TorchValue
    {
        public double Value { get; } = value;
    }

    public sealed class Text(string value) : TorchValue
    {
        public string Value { get; } = value;
    }

    /// <summary>A tuple (fixed) or a list.</summary>
    public sealed class Sequence(IReadOnlyList<TorchValue> items, bool fixedSize) : TorchValue
    {
        public IReadOnlyList<TorchValue> Items { get; } = items;

        public bool FixedSize { get; } = fixedSize;
    }

    /// <summary>A dictionary, in its order of insertion; a key given twice keeps the place of the first and the value of the
    /// last.</summary>
    public sealed class Mapping(OrderedDictionary<string, TorchValue> items) : TorchValue
    {
        public OrderedDictionary<string, TorchValue> Items { get; } = items;
    }

    public sealed class Dense(StoredTensor tensor) : TorchValue
    {
        public StoredTensor Tensor { get; } = tensor;
    }

    /// <summary>A sparse tensor in coordinate form.</summary>
    /// <param name="indices">Int64, (dimensions, entries).</param>
    /// <param name="values">(entries).</param>
    /// <param name="shape">Sizes of the dense tensor it stands for.</param>
    public sealed class Sparse(StoredTensor indices, StoredTensor values, IReadOnlyList<long> shape) : TorchValue
    {
        public StoredTensor Indices { get; } = indices;

        public StoredTensor Values { get; } = values;

        public IReadOnlyList<long> Shape { get; } = shape;
    }

    /// <summary>A name of the format's vocabulary, such as <c>collections.OrderedDict</c>; never looked up, only recognised.</summary>
    public sealed class Name(string fullName) : TorchValue
    {
        public string FullName { get; } = fullName;
    }

    /// <summary>A reference to a record of raw elements in the archive.</summary>
    public sealed class Storage(ElementType type, string key, long elements) : TorchValue
    {
        public ElementType Type { get; } = type;

        public string Key { get; } = key;

        public long Elements { get; } = elements;
    }
}
