namespace Amnre.Engine.Hdf5Structures;

/// <summary>Kinds of messages in object headers that are read here.</summary>
internal enum MessageKind
{
    Dataspace = 0x01,
    LinkInfo = 0x02,
    Datatype = 0x03,
    OldFillValue = 0x04,
    FillValue = 0x05,
    Link = 0x06,
    ExternalFiles = 0x07,
    Layout = 0x08,
    Filters = 0x0B,
    Attribute = 0x0C,
    Continuation = 0x10,
    SymbolTable = 0x11,
    AttributeInfo = 0x15,
    LastKnown = 0x18,
}

/// <summary>A message of an object header.</summary>
/// <param name="Kind">What it says.</param>
/// <param name="Flags">Bit 1: it stands elsewhere.</param>
/// <param name="Content">Its bytes.</param>
internal readonly record struct HeaderMessage(MessageKind Kind, int Flags, ReadOnlyMemory<byte> Content);

/// <summary>The header of a group, a dataset or a named type. HDF5 File Format Specification 3.0, section IV.A.</summary>
internal sealed class ObjectHeader
{
    private const int IsShared = 2, MustBeKnown = 0x80;

    private readonly FileBytes _file;
    private readonly List<HeaderMessage> _messages = [];

    private ObjectHeader(FileBytes file) => _file = file;

    public FileBytes File => _file;

    /// <exception cref="InputException">No header stands at this address, or it is damaged.</exception>
    public static ObjectHeader Read(FileBytes file, ulong address)
    {
        var header = new ObjectHeader(file);
        var head = file.Take(address, 4);
        if (head.AsSpan().SequenceEqual("OHDR"u8)) header.ReadNew(address);
        else if (head[0] == 1) header.ReadOld(address);
        else throw new InputException($"no object stands at address {address}: it is damaged");
        return header;
    }

    public bool Has(MessageKind kind) => _messages.Exists(message => message.Kind == kind);

    public IEnumerable<HeaderMessage> All(MessageKind kind) => _messages.Where(message => message.Kind == kind);

    /// <summary>The message of a kind, null when there is none; one that stands elsewhere is fetched.</summary>
    public ByteCursor? Find(MessageKind kind)
    {
        var index = _messages.FindIndex(message => message.Kind == kind);
        return index < 0 ? null : (_messages[index].Flags & IsShared) == 0
            ? new ByteCursor(_messages[index].Content, _file)
            : Shared(_file, new ByteCursor(_messages[index].Content, _file), kind);
    }

    /// <summary>A message that stands in the header of another object, such as a named type.</summary>
    public static ByteCursor Shared(FileBytes file, ByteCursor reference, MessageKind kind)
    {
        var (version, type) = (reference.U8(), reference.U8());
        if (version == 1) reference.Skip(6);
        if (version == 3 && type == 1)
            throw new InputException("its messages are shared in a table of the file (SOHM): write it again with h5repack");
        var other = Read(file, reference.Address());
        var found = other._messages.Find(message => message.Kind == kind);
        return found.Content.IsEmpty || (found.Flags & IsShared) != 0
            ? throw new InputException("it refers to a description that is not there: it is damaged")
            : new ByteCursor(found.Content, file);
    }

    private void ReadOld(ulong address)
    {
        var head = new ByteCursor(_file.Take(address, 16), _file);
        head.Skip(8);
        var blocks = new Queue<(ulong Address, long Length)>([(address + 16, head.U32())]);
        var seen = new HashSet<ulong>();
        while (blocks.TryDequeue(out var block))
        {
            if (!seen.Add(block.Address)) throw new InputException("its parts refer to one another in circles: it is damaged");
            var bytes = _file.Take(block.Address, block.Length);
            var cursor = new ByteCursor(bytes, _file);
            while (cursor.Left >= 8)
            {
                var (kind, size, flags) = (cursor.U16(), cursor.U16(), cursor.U8());
                cursor.Skip(3);
                Add(kind, flags, Content(bytes, cursor, size), blocks, 0);
            }
        }
    }

    private void ReadNew(ulong address)
    {
        var flags = _file.Take(address, 6)[5];
        var before = 6 + ((flags & 0x20) != 0 ? 16 : 0) + ((flags & 0x10) != 0 ? 4 : 0);
        var sizeBytes = 1 << (flags & 3);
        var size = FileBytes.Number(_file.Take(address, before + sizeBytes).AsSpan(before));
        var blocks = new Queue<(ulong Address, long Length)>([(address + (ulong)(before + sizeBytes), checked((long)size))]);
        var seen = new HashSet<ulong>();
        while (blocks.TryDequeue(out var block))
        {
            if (!seen.Add(block.Address)) throw new InputException("its parts refer to one another in circles: it is damaged");
            var bytes = _file.Take(block.Address, block.Length);
            var cursor = new ByteCursor(bytes, _file);
            var ordered = (flags & 4) != 0;
            while (cursor.Left >= (ordered ? 6 : 4))
            {
                var (kind, length, mark) = (cursor.U8(), cursor.U16(), cursor.U8());
                if (ordered) cursor.Skip(2);
                Add(kind, mark, Content(bytes, cursor, length), blocks, 8);
            }
        }
    }

    private static ReadOnlyMemory<byte> Content(byte[] block, ByteCursor cursor, int size)
    {
        var content = block.AsMemory(cursor.Position, Math.Min(size, cursor.Left));
        cursor.Skip(size);
        return content;
    }

    /// <param name="kind">Number of the message's kind.</param>
    /// <param name="flags">Of the message.</param>
    /// <param name="content">Of the message.</param>
    /// <param name="blocks">Receives the block that a continuation names.</param>
    /// <param name="frame">Bytes of a block's signature and checksum together.</param>
    private void Add(int kind, int flags, ReadOnlyMemory<byte> content, Queue<(ulong Address, long Length)> blocks, int frame)
    {
        if (kind > (int)MessageKind.LastKnown && (flags & MustBeKnown) != 0)
            throw new InputException($"a message of kind {kind} in it must be understood and is not: write it again with an older libver");
        if (kind == (int)MessageKind.Continuation)
        {
            var cursor = new ByteCursor(content, _file);
            var (address, length) = (cursor.Address(), cursor.Length());
            // A block of the newer format stands between a signature and a checksum of four bytes each.
            blocks.Enqueue((address + (ulong)frame / 2, checked((long)length - frame)));
            return;
        }

        _messages.Add(new HeaderMessage((MessageKind)kind, flags, content));
    }
}
