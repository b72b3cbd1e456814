namespace Amnre.Engine.Hdf5Structures;

/// <summary>A B-tree of the first format generation. HDF5 File Format Specification 3.0, section III.A.1.</summary>
internal static class OldTree
{
    /// <summary>Kinds of trees: of the links of a group, of the chunks of a dataset.</summary>
    public const int Links = 0, Chunks = 1;

    /// <summary>What the lowest level refers to, with the key before it.</summary>
    /// <exception cref="InputException">Damage, such as nodes that refer to one another in circles.</exception>
    public static IEnumerable<(ByteCursor Key, ulong Child)> Leaves(FileBytes file, ulong root, int kind, int keySize)
    {
        var seen = new HashSet<ulong>();
        var nodes = new Stack<(ulong Address, int Level)>([(root, -1)]);
        while (nodes.TryPop(out var node))
        {
            if (!seen.Add(node.Address)) throw new InputException("its parts refer to one another in circles: it is damaged");
            var headSize = 8 + 2 * file.AddressSize;
            var head = new ByteCursor(file.Take(node.Address, headSize), file);
            if (!head.Bytes(4).SequenceEqual("TREE"u8) || head.U8() != kind) throw new InputException("a tree of it is damaged");
            var (level, count) = (head.U8(), head.U16());
            if (node.Level >= 0 && level != node.Level) throw new InputException("a tree of it is damaged");
            var entrySize = keySize + file.AddressSize;
            var bytes = file.Take(node.Address + (ulong)headSize, (long)count * entrySize);
            for (var i = 0; i < count; i++)
            {
                var entry = new ByteCursor(bytes.AsMemory(i * entrySize, entrySize), file);
                var child = FileBytes.Number(bytes.AsSpan(i * entrySize + keySize, file.AddressSize));
                if (level > 0) nodes.Push((child, level - 1));
                else yield return (entry, child);
            }
        }
    }
}
