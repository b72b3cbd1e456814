using Amnre.Engine.Hdf5Structures;

namespace Amnre.Engine.Hdf5;

/// <summary>An HDF5 file that anybody may have made, for reading. It reads that one file alone: links, storage and virtual datasets that
/// lead to others are refused by name, so that no file can make it open another, or wait for a pipe. For one thread at a time.</summary>
/// <remarks>Why not the library that writes our files: docs/decisions/own-hdf5-reader.md.</remarks>
internal sealed class Hdf5File : IDisposable
{
    private const int MaxHops = 32;

    private readonly FileBytes _bytes;
    private readonly ObjectHeader _root;

    private Hdf5File(FileBytes bytes, ulong root) => (_bytes, _root) = (bytes, ObjectHeader.Read(bytes, root));

    /// <summary>Attributes of the root group.</summary>
    public Hdf5Attributes Attributes => new(_root);

    /// <summary>Opens the file at <paramref name="path"/>.</summary>
    /// <exception cref="InputException">It is no HDF5 file, or a damaged one.</exception>
    /// <exception cref="IOException">There is no such file, or it is a device, a pipe or a socket.</exception>
    /// <exception cref="UnauthorizedAccessException">It is closed to us, or a folder.</exception>
    public static Hdf5File Open(string path)
    {
        var file = PlainFile.Open(path);
        try
        {
            var (bytes, root) = Superblock.Read(file);
            return new Hdf5File(bytes, root);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Names of the links of the root group.</summary>
    public IReadOnlyList<string> Names() => [.. GroupLinks.Read(_root).Keys.Order(StringComparer.Ordinal)];

    /// <summary>Whether the path leads to an object.</summary>
    /// <param name="path">Names with <c>/</c> between them, from the root group.</param>
    /// <exception cref="InputException">It leads out of the file.</exception>
    public bool Has(string path) => Find(path) is not null;

    /// <summary>Whether the path leads to a dataset.</summary>
    /// <inheritdoc cref="Has"/>
    public bool HasDataset(string path) => Find(path)?.Has(MessageKind.Layout) == true;

    /// <summary>The dataset that a path leads to.</summary>
    /// <inheritdoc cref="Has" path="/param"/>
    /// <exception cref="InputException">There is none, it leads out of the file, or its values cannot be read here.</exception>
    public Hdf5Dataset Dataset(string path) => new(Find(path) ?? throw new InputException($"it has no dataset '{path}'"), path);

    public void Dispose() => _bytes.Dispose();

    private ObjectHeader? Find(string path)
    {
        var hops = 0;
        return Follow([_root], path);

        // The groups passed so far, since a soft link starts from its own.
        ObjectHeader? Follow(List<ObjectHeader> groups, string way)
        {
            if (++hops > MaxHops) throw new InputException($"the links of '{path}' refer to one another in circles");
            if (way.StartsWith('/')) groups = [_root];
            foreach (var name in way.Split('/', StringSplitOptions.RemoveEmptyEntries))
            {
                if (name == ".") continue;
                if (!GroupLinks.Read(groups[^1]).TryGetValue(name, out var link)) return null;
                if (link.Elsewhere is { } other)
                    throw new InputException($"'{path}' is a link to another file, {other}, which is not followed. Copy what it leads " +
                        $"to: {DataLayout.Rewriting(path)}");
                var next = link.Address is { } address ? ObjectHeader.Read(_bytes, address) : Follow([.. groups], link.Path!);
                if (next is null) return null;
                groups = [.. groups, next];
            }

            return groups[^1];
        }
    }
}
