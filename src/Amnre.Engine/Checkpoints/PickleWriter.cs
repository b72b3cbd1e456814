using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Amnre.Engine.Checkpoints;

/// <summary>Writes the pickle of a PyTorch archive (protocol 2, as <c>torch.save</c> does).</summary>
internal sealed class PickleWriter
{
    private readonly ArrayBufferWriter<byte> _output = new();
    private readonly List<StoredTensor> _tensors = [];

    /// <summary>The tensors met, in the order of their records.</summary>
    public IReadOnlyList<StoredTensor> Tensors => _tensors;

    public void Write(TorchValue value)
    {
        _output.Write<byte>([0x80, 2]);
        Value(value);
        Operation('.');
    }

    public byte[] ToArray() => _output.WrittenSpan.ToArray();

    private void Value(TorchValue value)
    {
        switch (value)
        {
            case TorchValue.None: Operation('N'); break;
            case TorchValue.Flag flag: Flag(flag.Value); break;
            case TorchValue.Integer number: Integer(number.Value); break;
            case TorchValue.Real number: Real(number.Value); break;
            case TorchValue.Text text: Text(text.Value); break;
            case TorchValue.Dense dense: Dense(dense.Tensor); break;
            case TorchValue.Sparse sparse: Sparse(sparse); break;
            case TorchValue.Sequence sequence: Sequence(sequence); break;
            case TorchValue.Mapping mapping: Mapping(mapping); break;
            default: throw new NotSupportedException($"{value.GetType().Name} cannot be written");
        }
    }

    private void Mapping(TorchValue.Mapping mapping)
    {
        Name("collections", "OrderedDict");
        _output.Write(")R("u8);
        foreach (var (key, item) in mapping.Items)
        {
            Text(key);
            Value(item);
        }

        Operation('u');
    }

    private void Sequence(TorchValue.Sequence sequence)
    {
        if (sequence.FixedSize)
        {
            Operation('(');
            foreach (var item in sequence.Items) Value(item);
            Operation('t');
            return;
        }

        _output.Write("]("u8);
        foreach (var item in sequence.Items) Value(item);
        Operation('e');
    }

    private void Dense(StoredTensor tensor)
    {
        var elements = StoredTensor.Elements(tensor.Shape);
        Name("torch._utils", "_rebuild_tensor_v2");
        _output.Write("(("u8);
        Text("storage");
        Name("torch", tensor.Type.StorageName());
        Text(_tensors.Count.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Text("cpu");
        Integer(elements);
        _output.Write("tQ"u8);
        Integer(0);
        Sizes(tensor.Shape);
        Sizes(Strides(tensor.Shape));
        Flag(false);
        Name("collections", "OrderedDict");
        _output.Write(")RtR"u8);
        _tensors.Add(tensor);
    }

    private void Sparse(TorchValue.Sparse sparse)
    {
        Name("torch._utils", "_rebuild_sparse_tensor");
        Operation('(');
        Name("torch.serialization", "_get_layout");
        Operation('(');
        Text("torch.sparse_coo");
        _output.Write("tR("u8);
        Dense(sparse.Indices);
        Dense(sparse.Values);
        Name("torch", "Size");
        Operation('(');
        Sizes(sparse.Shape);
        _output.Write("tRttR"u8);
    }

    private void Sizes(IReadOnlyList<long> sizes)
    {
        Operation('(');
        foreach (var size in sizes) Integer(size);
        Operation('t');
    }

    private static long[] Strides(IReadOnlyList<long> shape)
    {
        var strides = new long[shape.Count];
        for (var (d, stride) = (shape.Count - 1, 1L); d >= 0; stride *= Math.Max(1, shape[d--])) strides[d] = stride;
        return strides;
    }

    private void Name(string module, string name) => _output.Write(Encoding.ASCII.GetBytes($"c{module}\n{name}\n"));

    private void Flag(bool value) => Operation(value ? '\x88' : '\x89');

    private void Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Operation('X');
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        _output.Write(length);
        _output.Write(bytes);
    }

    private void Integer(long value)
    {
        Span<byte> bytes = stackalloc byte[10];
        if (value is >= int.MinValue and <= int.MaxValue)
        {
            bytes[0] = (byte)'J';
            BinaryPrimitives.WriteInt32LittleEndian(bytes[1..], (int)value);
            _output.Write(bytes[..5]);
            return;
        }

        bytes[0] = 0x8a;
        bytes[1] = 8;
        BinaryPrimitives.WriteInt64LittleEndian(bytes[2..], value);
        _output.Write(bytes);
    }

    private void Real(double value)
    {
        Span<byte> bytes = stackalloc byte[9];
        bytes[0] = (byte)'G';
        BinaryPrimitives.WriteDoubleBigEndian(bytes[1..], value);
        _output.Write(bytes);
    }

    private void Operation(char operation) => _output.Write<byte>([(byte)operation]);
}
