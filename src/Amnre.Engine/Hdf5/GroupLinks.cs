using System.Text;
using Amnre.Engine.Hdf5Structures;

namespace Amnre.Engine.Hdf5;

/// <summary>Where a link of a group leads.</summary>
/// <param name="Address">Of an object of this file.</param>
/// <param name="Path">Of an object of this file, by name.</param>
/// <param name="Elsewhere">What a link to another file, or of a kind that a program defines, names; it is never followed.</param>
internal readonly record struct GroupLink(ulong? Address, string? Path, string? Elsewhere);

/// <summary>The links of a group by name. HDF5 File Format Specification 3.0, sections III.B to III.D and IV.A.2.g.</summary>
internal static class GroupLinks
{
    private const int Hard = 0, Soft = 1, External = 64, CachedSoft = 2;

    /// <exception cref="InputException">No group, or damage.</exception>
    public static Dictionary<string, GroupLink> Read(ObjectHeader header)
    {
        var links = new Dictionary<string, GroupLink>(StringComparer.Ordinal);
        foreach (var message in header.All(MessageKind.Link)) Add(links, new ByteCursor(message.Content, header.File));
        if (header.Find(MessageKind.LinkInfo) is { } info) AddHeap(links, header.File, info);
        if (header.Find(MessageKind.SymbolTable) is { } table) AddTable(links, header.File, table.Address(), table.Address());
        return links;
    }

    private static void Add(Dictionary<string, GroupLink> links, ByteCursor cursor)
    {
        var (version, flags) = (cursor.U8(), cursor.U8());
        if (version != 1) throw new InputException($"a link of it is of version {version}: it is damaged");
        var kind = (flags & 8) != 0 ? cursor.U8() : Hard;
        if ((flags & 4) != 0) cursor.Skip(8);
        if ((flags & 16) != 0) cursor.Skip(1);
        var name = cursor.Text(checked((long)cursor.Number(1 << (flags & 3))));
        links[name] = kind switch
        {
            Hard => new GroupLink(cursor.Address(), null, null),
            Soft => new GroupLink(null, cursor.Text(cursor.U16()), null),
            External => new GroupLink(null, null, ExternalName(cursor)),
            _ => new GroupLink(null, null, $"a link of kind {kind}"),
        };
    }

    private static string ExternalName(ByteCursor cursor)
    {
        var value = new ByteCursor(cursor.Bytes(cursor.U16()).ToArray(), null!);
        value.Skip(1);
        return $"'{value.TextToZero(1)}'";
    }

    private static void AddHeap(Dictionary<string, GroupLink> links, FileBytes file, ByteCursor info)
    {
        info.Skip(1);
        if ((info.U8() & 1) != 0) info.Skip(8);
        var (heap, names) = (info.Address(), info.Address());
        if (file.IsUndefined(heap) || file.IsUndefined(names)) return;
        var objects = new FractalHeap(file, heap);
        foreach (var (record, size) in NewTree.Records(file, names, NewTree.LinkNames))
        {
            record.Skip(4);
            if (objects.Object(record.Bytes(size - 4)) is { } link) Add(links, new ByteCursor(link, file));
        }
    }

    /// <summary>Links of the first format generation: a tree of tables of symbols, and a heap of names.</summary>
    private static void AddTable(Dictionary<string, GroupLink> links, FileBytes file, ulong tree, ulong heap)
    {
        var head = file.Take(heap, 8 + 2 * file.LengthSize + file.AddressSize, "HEAP"u8, 0);
        head.Skip(3);
        var size = checked((long)head.Length());
        head.Skip(file.LengthSize);
        var names = file.Take(head.Address(), size);
        foreach (var (_, address) in OldTree.Leaves(file, tree, OldTree.Links, file.LengthSize))
        {
            var count = FileBytes.Number(file.Take(address, 8).AsSpan(6, 2));
            var entrySize = file.LengthSize + file.AddressSize + 24;
            var cursor = file.Take(address, 8 + (long)count * entrySize, "SNOD"u8, 1);
            cursor.Skip(3);
            for (var i = 0ul; i < count; i++)
            {
                // The library writes the offset of the name as a length, where the specification has an address.
                var (name, target, cached) = (cursor.Length(), cursor.Address(), cursor.U32());
                cursor.Skip(4);
                var scratch = cursor.Bytes(16);
                links[Name(names, name)] = cached == CachedSoft
                    ? new GroupLink(null, Name(names, FileBytes.Number(scratch[..4])), null)
                    : new GroupLink(target, null, null);
            }
        }
    }

    private static string Name(byte[] names, ulong offset)
    {
        if (offset >= (ulong)names.Length) throw new InputException("a name of it is damaged");
        var text = names.AsSpan((int)offset);
        var end = text.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? text : text[..end]);
    }
}
