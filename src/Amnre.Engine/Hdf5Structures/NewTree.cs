using System.Numerics;

namespace Amnre.Engine.Hdf5Structures;

/// <summary>A B-tree of the second format generation. HDF5 File Format Specification 3.0, section III.A.2.</summary>
internal static class NewTree
{
    /// <summary>Kinds of records: names of links, names of attributes, chunks, chunks that passed filters.</summary>
    public const int LinkNames = 5, AttributeNames = 8, Chunks = 10, FilteredChunks = 11;

    /// <summary>Signature, version, kind and checksum of a node.</summary>
    private const int Frame = 10, Deepest = 32;

    /// <summary>All records, with the bytes that each has.</summary>
    public static IEnumerable<(ByteCursor Record, int Size)> Records(FileBytes file, ulong address, int kind)
    {
        var head = file.Take(address, 22 + file.AddressSize + file.LengthSize, "BTHD"u8, 0);
        if (head.U8() != kind) throw new InputException("a tree of it is of another kind than it should be: it is damaged");
        var (nodeSize, recordSize, depth) = ((long)head.U32(), head.U16(), head.U16());
        head.Skip(2);
        var (root, rootCount) = (head.Address(), head.U16());
        if (file.IsUndefined(root) || rootCount == 0) yield break;
        if (recordSize == 0 || nodeSize <= Frame || depth > Deepest) throw new InputException("a tree of it is damaged");
        var levels = Levels(file, nodeSize, recordSize, depth);
        var seen = new HashSet<ulong>();
        var nodes = new Stack<(ulong Address, long Count, int Level)>([(root, rootCount, depth)]);
        while (nodes.TryPop(out var node))
        {
            if (!seen.Add(node.Address)) throw new InputException("its parts refer to one another in circles: it is damaged");
            if (node.Count > levels[node.Level].Max) throw new InputException("a tree of it is damaged");
            var cursor = file.Take(node.Address, nodeSize, node.Level == 0 ? "BTLF"u8 : "BTIN"u8, 0);
            cursor.Skip(1);
            for (var i = 0L; i < node.Count; i++) yield return (new ByteCursor(cursor.Bytes(recordSize).ToArray(), file), recordSize);
            if (node.Level == 0) continue;
            for (var i = 0L; i <= node.Count; i++)
            {
                var child = cursor.Address();
                var count = (long)cursor.Number(levels[0].CountBytes);
                if (node.Level > 1) cursor.Skip(levels[node.Level - 1].TotalBytes);
                nodes.Push((child, count, node.Level - 1));
            }
        }
    }

    /// <summary>For each level, the most records of a node, the bytes of that number, and of the number of records below.</summary>
    private static (long Max, int CountBytes, int TotalBytes)[] Levels(FileBytes file, long nodeSize, int recordSize, int depth)
    {
        var levels = new (long Max, int CountBytes, int TotalBytes)[depth + 1];
        var most = (nodeSize - Frame) / recordSize;
        var countBytes = BytesOf(most);
        levels[0] = (most, countBytes, 0);
        var total = (double)most;
        for (var level = 1; level <= depth; level++)
        {
            var pointer = file.AddressSize + countBytes + levels[level - 1].TotalBytes;
            most = (nodeSize - Frame - pointer) / (recordSize + pointer);
            total = (most + 1) * total + most;
            levels[level] = (most, countBytes, BytesOf(total < ulong.MaxValue ? (ulong)total : ulong.MaxValue));
        }

        return levels;
    }

    private static int BytesOf(long most) => BytesOf((ulong)Math.Max(most, 1));

    private static int BytesOf(ulong most) => BitOperations.Log2(most) / 8 + 1;
}
