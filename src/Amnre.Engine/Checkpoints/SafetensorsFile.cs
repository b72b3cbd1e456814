using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Amnre.Engine.Checkpoints;

/// <summary>The safetensors format: length of the header (u64), header (JSON), elements.</summary>
/// <param name="Tensors">In the order of the header.</param>
/// <param name="Metadata">Free text by name.</param>
internal sealed record SafetensorsFile(
    OrderedDictionary<string, StoredTensor> Tensors, IReadOnlyDictionary<string, string> Metadata)
{
    private const int MaxHeader = 100_000_000;
    private const string MetadataKey = "__metadata__";

    /// <exception cref="InputException">Missing, damaged or not of this format.</exception>
    public static SafetensorsFile Read(string path)
    {
        try
        {
            using var file = PlainFile.Open(path);
            return Read(file);
        }
        catch (Exception error)
        when (error is FormatException or JsonException or InvalidOperationException or OverflowException or EndOfStreamException)
        {
            throw new InputException($"'{path}' is not a readable safetensors file: {error.Message}", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"'{path}' cannot be read: {error.Message}", error);
        }
    }

    public void Write(string path) => AtomicFile.Write(path, Write);

    internal void Write(Stream stream)
    {
        var header = new JsonObject();
        if (Metadata.Count > 0)
            header[MetadataKey] = new JsonObject(Metadata.Select(item => KeyValuePair.Create(item.Key, (JsonNode?)item.Value)));
        var at = 0L;
        foreach (var (name, tensor) in Tensors)
        {
            header[name] = new JsonObject
            {
                ["dtype"] = tensor.Type.SafetensorsName(),
                ["shape"] = new JsonArray([.. tensor.Shape.Select(size => (JsonNode)size)]),
                ["data_offsets"] = new JsonArray(at, at + tensor.Bytes.LongLength),
            };
            at += tensor.Bytes.LongLength;
        }

        var text = JsonSerializer.SerializeToUtf8Bytes(header);
        var padded = new byte[(text.Length + 7) / 8 * 8];
        padded.AsSpan().Fill((byte)' ');
        text.CopyTo(padded, 0);
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, padded.Length);
        stream.Write(length);
        stream.Write(padded);
        foreach (var tensor in Tensors.Values) stream.Write(tensor.Bytes);
    }

    internal static SafetensorsFile Read(Stream stream)
    {
        Span<byte> prefix = stackalloc byte[8];
        stream.ReadExactly(prefix);
        var length = BinaryPrimitives.ReadInt64LittleEndian(prefix);
        if (length is < 2 or > MaxHeader || length > stream.Length - 8) throw new FormatException("its header has an impossible length");
        var header = new byte[length];
        stream.ReadExactly(header);
        var root = StrictJson.Parse(header) as JsonObject ?? throw new FormatException("its header is not an object");

        var tensors = new OrderedDictionary<string, StoredTensor>();
        var metadata = new Dictionary<string, string>();
        var data = 8 + length;
        foreach (var (name, node) in root)
        {
            var entry = node as JsonObject ?? throw new FormatException($"'{name}' is not described");
            if (name == MetadataKey)
                foreach (var (key, text) in entry) metadata[key] = text?.GetValue<string>() ?? "";
            else
                tensors[name] = Tensor(stream, data, name, entry);
        }

        return new SafetensorsFile(tensors, metadata);
    }

    private static StoredTensor Tensor(Stream stream, long data, string name, JsonObject entry)
    {
        var type = entry["dtype"] is { } dtype ? ElementTypes.OfSafetensors(dtype.GetValue<string>()) : null;
        if (type is null || entry["shape"] is not JsonArray sizes || entry["data_offsets"] is not JsonArray { Count: 2 } offsets)
            throw new FormatException($"'{name}' has an unknown type or no shape or place");

        long[] shape = [.. sizes.Select(size => Number(size))];
        if (shape.Any(size => size < 0)) throw new FormatException($"'{name}' has a negative size");
        var (from, to) = (Number(offsets[0]), Number(offsets[1]));
        if (from < 0 || to < from || to > stream.Length - data || to - from > Array.MaxLength
            || to - from != checked(StoredTensor.Elements(shape) * type.Value.Size()))
            throw new FormatException($"'{name}' lies outside the file or does not fit its shape");

        var bytes = new byte[to - from];
        stream.Position = data + from;
        stream.ReadExactly(bytes);
        return new StoredTensor(type.Value, shape, bytes);

        long Number(JsonNode? node) => node?.GetValue<long>() ?? throw new FormatException($"'{name}' has a null for a number");
    }
}
