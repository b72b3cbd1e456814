using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using Amnre.Engine.Hdf5;
using Amnre.Engine.SampleFiles;

namespace Amnre.Engine.Observations;

/// <summary>An array of numbers in a file of a common form, read from its beginning to its end in pieces of whole rows, so that it need not
/// fit in memory.</summary>
internal sealed class ArraySource : IDisposable
{
    /// <summary>What an array is called where a file holds several.</summary>
    private const string DefaultKey = "x";

    /// <summary>Bytes that one compressed byte can stand for, at the most (RFC 1951).</summary>
    private const int MaxDeflation = 1032;

    private readonly string _name;
    private readonly Fill _fill;
    private readonly Stack<IDisposable> _open;
    private Action? _whole;

    private ArraySource(string name, IReadOnlyList<long> shape, Fill fill, Stack<IDisposable> open) =>
        (_name, Shape, _fill, _open) = (name, shape, fill, open);

    private delegate void Fill(Span<double> values);

    /// <summary>Endings of the files that are read.</summary>
    public static IReadOnlyList<string> Endings { get; } = [".csv", ".txt", ".npy", ".npz", ".json", ".h5", ".hdf5"];

    /// <summary>Lengths of the dimensions; none for one number.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>What the file calls the columns; null where it does not.</summary>
    public ColumnNames? Columns { get; private init; }

    /// <summary>The form of a file, by the end of its name.</summary>
    /// <exception cref="InputException">It is none that is read.</exception>
    public static string FormOf(string path) => Path.GetExtension(path).ToLowerInvariant() is var ending && Endings.Contains(ending)
        ? ending
        : throw new InputException($"'{path}': a file that ends in '{ending}' is not known; give one of {string.Join(", ", Endings)}");

    /// <param name="path">The file.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="form">Its ending.</param>
    /// <param name="key">Which array, where the file holds several; null for <c>x</c>, or the only one.</param>
    /// <param name="missing">Whether values may be missing: NaN, an empty cell of a table, null in JSON.</param>
    /// <exception cref="InputException">Missing, damaged, or without such an array of real numbers.</exception>
    public static ArraySource Open(string path, string name, string form, string? key, bool missing = false) => Explained(name, () =>
    {
        if (key is not null && IsSingle(form)) throw new InputException($"it holds one array, which has no name: leave '{key}' out");
        if (!File.Exists(path) && !Directory.Exists(path)) throw new InputException("there is no such file");
        var open = new Stack<IDisposable>();
        try
        {
            return form switch
            {
                ".csv" or ".txt" => Whole(NumberTable.Read(PlainFile.Lines(path), missing), name, open),
                ".json" => Whole(NumberTree.Read(Member(StrictJson.Parse(PlainFile.Text(path)), key), missing), name, open),
                ".npy" => Numpy(Kept(PlainFile.Open(path), open), new FileInfo(path).Length, name, open),
                ".npz" => Archive(path, key, name, open),
                _ => Hdf5(path, key, name, open),
            };
        }
        catch
        {
            foreach (var one in open) one.Dispose();
            throw;
        }
    });

    /// <summary>Whether files of this form hold one array, without a name.</summary>
    public static bool IsSingle(string form) => form is ".csv" or ".txt" or ".npy";

    /// <summary>Before room is made for all values at once.</summary>
    /// <exception cref="InputException">The array claims more than its file can hold.</exception>
    public void RequireWhole()
    {
        try
        {
            NumericArray.Count(Shape);
            _whole?.Invoke();
        }
        catch (InputException damaged)
        {
            throw Refusal(_name, damaged);
        }
    }

    /// <summary>The next values, row-major: whole rows.</summary>
    /// <exception cref="InputException">The file is damaged, or ends too soon.</exception>
    public void Read(Span<double> values)
    {
        try
        {
            _fill(values);
        }
        catch (Exception damaged) when (IsDamage(damaged))
        {
            throw Refusal(_name, damaged);
        }
    }

    public void Dispose()
    {
        foreach (var one in _open) one.Dispose();
    }

    private static ArraySource Whole(NumericArray array, string name, Stack<IDisposable> open)
    {
        var next = 0;
        return new ArraySource(name, array.Shape, values =>
        {
            for (var i = 0; i < values.Length; i++) values[i] = array.Values[next++];
        }, open)
        { Columns = array.Columns };
    }

    private static ArraySource Numpy(Stream stream, long length, string name, Stack<IDisposable> open)
    {
        var header = NumpyHeader.Read(stream, length);
        if (!header.IsFortran || header.Shape.Length < 2)
            return new ArraySource(name, header.Shape, values => NumpyArray.Fill(stream, header, values), open);
        var (ordered, next) = (NumpyArray.Whole(stream, header), 0);
        return new ArraySource(name, header.Shape, values =>
        {
            ordered.AsSpan(next, values.Length).CopyTo(values);
            next += values.Length;
        }, open);
    }

    private static ArraySource Archive(string path, string? key, string name, Stack<IDisposable> open)
    {
        var archive = Kept(new ZipArchive(Kept(PlainFile.Open(path), open), ZipArchiveMode.Read), open);
        string[] names = [.. archive.Entries.Select(entry => entry.FullName)
            .Where(entry => entry.EndsWith(".npy", StringComparison.Ordinal)).Select(entry => entry[..^4])];
        var chosen = archive.GetEntry($"{Choose(names, key)}.npy")!;
        return Numpy(Kept(chosen.Open(), open), Math.Min(chosen.Length, chosen.CompressedLength * MaxDeflation), name, open);
    }

    private static ArraySource Hdf5(string path, string? key, string name, Stack<IDisposable> open)
    {
        var file = Kept(Hdf5File.Open(path), open);
        var dataset = file.Dataset(key is not null && file.HasDataset(key) ? key : Choose([.. file.Names().Where(file.HasDataset)], key));
        var (next, rowSize) = (0L, dataset.Dimensions.Skip(1).Aggregate(1L, (product, length) => checked(product * length)));
        return new ArraySource(name, dataset.Dimensions, values =>
        {
            if (values.Length == 0) return;
            dataset.Read(next, values);
            next += values.Length / rowSize;
        }, open)
        {
            _whole = dataset.RequireValues,
            Columns = dataset.Attributes is var about && about.Has(SampleAttributes.Parameters)
                ? new ColumnNames(about.Texts(SampleAttributes.Parameters), IsRemark: false)
                : null,
        };
    }

    private static T Kept<T>(T one, Stack<IDisposable> open) where T : IDisposable
    {
        open.Push(one);
        return one;
    }

    private static JsonNode? Member(JsonNode? root, string? key)
    {
        if (root is not JsonObject members) return key is null
            ? root
            : throw new InputException($"it holds a list, no members: leave '{key}' out");
        return members[Choose([.. members.Select(member => member.Key)], key)];
    }

    /// <exception cref="InputException">There is none of that name, or a choice to make.</exception>
    private static string Choose(string[] names, string? key)
    {
        var wanted = key ?? (names is [var only] ? only : DefaultKey);
        if (names.Contains(wanted)) return wanted;
        throw new InputException(names.Length == 0
            ? "it holds no array"
            : key is null ? $"it holds {string.Join(", ", names.Take(20))}: say which with --key, or with 'x' in an experiment file"
            : $"it has no '{key}', only {string.Join(", ", names.Take(20))}");
    }

    private static T Explained<T>(string name, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception damaged) when (IsDamage(damaged))
        {
            throw Refusal(name, damaged);
        }
    }

    private static bool IsDamage(Exception one) =>
        one is InputException or IOException or UnauthorizedAccessException or JsonException or InvalidDataException;

    private static InputException Refusal(string name, Exception damage) => new(damage is InputException
        ? $"'{name}': {damage.Message}"
        : $"'{name}' cannot be read: {damage.Message.TrimEnd('.')}", damage);
}
