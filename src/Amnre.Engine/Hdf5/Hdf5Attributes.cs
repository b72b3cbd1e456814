using System.Text;
using Amnre.Engine.Hdf5Structures;

namespace Amnre.Engine.Hdf5;

/// <summary>The attributes of a group or a dataset. HDF5 File Format Specification 3.0, section IV.A.2.m.</summary>
internal sealed class Hdf5Attributes
{
    private readonly Dictionary<string, Stored> _attributes = new(StringComparer.Ordinal);
    private readonly FileBytes _file;

    private readonly record struct Stored(StoredType Type, byte[] Bytes);

    public Hdf5Attributes(ObjectHeader header)
    {
        _file = header.File;
        foreach (var message in header.All(MessageKind.Attribute))
        {
            var cursor = new ByteCursor(message.Content, _file);
            Add((message.Flags & 2) != 0 ? ObjectHeader.Shared(_file, cursor, MessageKind.Attribute) : cursor);
        }

        if (header.Find(MessageKind.AttributeInfo) is not { } info) return;
        info.Skip(1);
        if ((info.U8() & 1) != 0) info.Skip(2);
        var (heap, names) = (info.Address(), info.Address());
        if (_file.IsUndefined(heap) || _file.IsUndefined(names)) return;
        var objects = new FractalHeap(_file, heap);
        foreach (var (record, _) in NewTree.Records(_file, names, NewTree.AttributeNames))
        {
            if (objects.Object(record.Bytes(8)) is { } attribute) Add(new ByteCursor(attribute, _file));
        }
    }

    public bool Has(string name) => _attributes.ContainsKey(name);

    /// <exception cref="InputException">There is none of this name, or it is no integer.</exception>
    public Int128 Integer(string name) => NumberConversion.Integer(Find(name).Type, First(name), name);

    /// <inheritdoc cref="Integer"/>
    public double Number(string name)
    {
        var value = new double[1];
        NumberConversion.ToDoubles(Find(name).Type, First(name), value, name);
        return value[0];
    }

    /// <exception cref="InputException">There is none of this name, or it is no text.</exception>
    public string Text(string name)
    {
        var (type, bytes) = Find(name);
        return Text(type, bytes, name);
    }

    /// <summary>All texts of a list.</summary>
    /// <inheritdoc cref="Text(string)"/>
    public IReadOnlyList<string> Texts(string name)
    {
        var (type, bytes) = Find(name);
        return [.. Enumerable.Range(0, bytes.Length / type.Size)
            .Select(place => Text(type, bytes.AsSpan(place * type.Size, type.Size).ToArray(), name))];
    }

    private string Text(StoredType type, byte[] bytes, string name)
    {
        var text = type.Kind switch
        {
            StoredKind.Text => bytes,
            StoredKind.TextReference => GlobalHeap.Object(_file, new ByteCursor(bytes, _file)),
            _ => throw new InputException($"attribute '{name}' holds {type.Name}, not a text"),
        };
        var end = Array.IndexOf(text, (byte)0);
        return Encoding.UTF8.GetString(end < 0 ? text : text[..end]);
    }

    /// <summary>All bytes of an attribute as stored.</summary>
    public byte[] Bytes(string name) => Find(name).Bytes;

    private Stored Find(string name) => _attributes.TryGetValue(name, out var stored)
        ? stored
        : throw new InputException($"it has no attribute '{name}'");

    private ReadOnlySpan<byte> First(string name)
    {
        var (type, bytes) = Find(name);
        return bytes.Length >= type.Size ? bytes.AsSpan(0, type.Size) : throw new InputException($"attribute '{name}' is empty");
    }

    private void Add(ByteCursor cursor)
    {
        var (version, flags) = (cursor.U8(), cursor.U8());
        var (nameSize, typeSize, spaceSize) = (cursor.U16(), cursor.U16(), cursor.U16());
        if (version is < 1 or > 3) throw new InputException($"an attribute of it is of version {version}: it is damaged");
        if (version == 3) cursor.Skip(1);
        // Only the first version fills its parts up to multiples of eight bytes.
        int Filled(int size) => version == 1 ? (size + 7) / 8 * 8 : size;
        var name = cursor.Text(Filled(nameSize));
        var type = Part(cursor.Bytes(Filled(typeSize)).ToArray(), (flags & 1) != 0 && version > 1, MessageKind.Datatype);
        var space = Part(cursor.Bytes(Filled(spaceSize)).ToArray(), (flags & 2) != 0 && version > 1, MessageKind.Dataspace);
        var stored = StoredType.Read(type);
        var lengths = Dataspace.Read(space);
        var bytes = lengths.IsEmpty ? 0 : lengths.Lengths.Aggregate((long)stored.Size, (product, length) => checked(product * length));
        _attributes[name] = new Stored(stored, cursor.Bytes(bytes).ToArray());
    }

    private ByteCursor Part(byte[] bytes, bool isShared, MessageKind kind)
    {
        var cursor = new ByteCursor(bytes, _file);
        return isShared ? ObjectHeader.Shared(_file, cursor, kind) : cursor;
    }
}
