using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using Amnre.Engine.Hdf5;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Observations;

/// <summary>Measured observations, in whichever common form they come: <c>.csv</c> or <c>.txt</c>, <c>.npy</c>, <c>.npz</c>, <c>.json</c>,
/// <c>.h5</c>.</summary>
internal static class ObservationFile
{
    /// <summary>What an array is called where a file holds several.</summary>
    private const string DefaultKey = "x";

    /// <summary>Bytes that one compressed byte can stand for, at the most (RFC 1951).</summary>
    private const int MaxDeflation = 1032;

    private static readonly string[] Endings = [".csv", ".txt", ".npy", ".npz", ".json", ".h5", ".hdf5"];

    /// <summary>The observations of a file, checked against a simulator's shape.</summary>
    /// <param name="path">The file.</param>
    /// <param name="key">Which array, where the file holds several; null for <c>x</c>, or the only one.</param>
    /// <param name="simulator">Whose observations they are.</param>
    /// <returns>(count, observation size), as measured.</returns>
    /// <exception cref="InputException">Missing, damaged, of another shape, or not finite.</exception>
    public static (float[] X, int Count) Read(string path, string? key, ISimulator simulator)
    {
        var array = Read(path, key);
        if (ObservationShape.Observations(array.Shape, simulator.ObservationShape) is not { } count)
            throw new InputException($"observations '{path}' are not of {SimulatorReference.Plain(simulator.Name)}: " +
                $"{ObservationShape.Fault(array.Shape, simulator.ObservationShape)}");
        return count > 0 ? (array.Values, count) : throw new InputException($"'{path}' holds no observation: give at least one");
    }

    /// <inheritdoc cref="Read(string, string?, ISimulator)"/>
    /// <returns>The numbers, in whichever shape the file gives them.</returns>
    public static NumericArray Read(string path, string? key)
    {
        var ending = Path.GetExtension(path).ToLowerInvariant();
        if (!Endings.Contains(ending))
            throw new InputException($"observations '{path}': a file that ends in '{ending}' is not known; give one of " +
                $"{string.Join(", ", Endings)}");
        if (key is not null && ending is ".csv" or ".txt" or ".npy")
            throw new InputException($"observations '{path}' hold one array: leave --key out");
        try
        {
            if (!File.Exists(path) && !Directory.Exists(path)) throw new InputException("there is no such file");
            return ending switch
            {
                ".csv" or ".txt" => NumberTable.Read(PlainFile.Lines(path)),
                ".json" => NumberTree.Read(Member(StrictJson.Parse(PlainFile.Text(path)), key)),
                ".npy" => Numpy(path),
                ".npz" => Archive(path, key),
                _ => Hdf5(path, key),
            };
        }
        catch (InputException refused)
        {
            throw new InputException($"observations '{path}': {refused.Message}", refused);
        }
        catch (Exception damaged) when (damaged is IOException or UnauthorizedAccessException or JsonException or InvalidDataException)
        {
            throw new InputException($"observations '{path}' cannot be read: {damaged.Message.TrimEnd('.')}", damaged);
        }
    }

    /// <summary>Whether a file that holds arrays by name has one of that name; false for files of one array, and for those that cannot be
    /// read.</summary>
    public static bool Has(string path, string key)
    {
        try
        {
            switch (Path.GetExtension(path).ToLowerInvariant())
            {
                case ".json":
                    return StrictJson.Parse(PlainFile.Text(path)) is JsonObject members && members.ContainsKey(key);
                case ".npz":
                    using (var file = PlainFile.Open(path))
                    using (var archive = new ZipArchive(file, ZipArchiveMode.Read))
                        return archive.GetEntry($"{key}.npy") is not null;
                case ".h5" or ".hdf5":
                    using (var file = Hdf5File.Open(path)) return file.HasDataset(key);
                default:
                    return false;
            }
        }
        catch (Exception damaged) when (damaged is InputException or IOException or UnauthorizedAccessException or JsonException
            or InvalidDataException)
        {
            return false;
        }
    }

    private static NumericArray Numpy(string path)
    {
        using var file = PlainFile.Open(path);
        return NumpyArray.Read(file, file.Length);
    }

    private static NumericArray Archive(string path, string? key)
    {
        using var file = PlainFile.Open(path);
        using var archive = new ZipArchive(file, ZipArchiveMode.Read);
        string[] names = [.. archive.Entries.Select(entry => entry.FullName).Where(name => name.EndsWith(".npy", StringComparison.Ordinal))
            .Select(name => name[..^4])];
        var entry = archive.GetEntry($"{Choose(names, key)}.npy")!;
        using var member = entry.Open();
        return NumpyArray.Read(member, Math.Min(entry.Length, entry.CompressedLength * MaxDeflation));
    }

    private static NumericArray Hdf5(string path, string? key)
    {
        using var file = Hdf5File.Open(path);
        var name = key is null ? Choose([.. file.Names().Where(file.HasDataset)], null) : file.HasDataset(key)
            ? key
            : Choose([.. file.Names().Where(file.HasDataset)], key);
        var dataset = file.Dataset(name);
        NumericArray.Count(dataset.Dimensions);
        var values = dataset.Type.FitsSingle
            ? dataset.Singles()
            : [.. dataset.Doubles().Select((value, place) => NumericArray.Single(value, place))];
        for (var i = 0; i < values.Length; i++) NumericArray.Single(values[i], i);
        return new NumericArray(dataset.Dimensions, values);
    }

    private static JsonNode? Member(JsonNode? root, string? key)
    {
        if (root is not JsonObject members) return key is null
            ? root
            : throw new InputException($"it holds a list, no members: leave --key {key} out");
        return members[Choose([.. members.Select(member => member.Key)], key)];
    }

    /// <exception cref="InputException">There is none of that name, or a choice to make.</exception>
    private static string Choose(string[] names, string? key)
    {
        var wanted = key ?? (names is [var only] ? only : DefaultKey);
        if (names.Contains(wanted)) return wanted;
        throw new InputException(names.Length == 0
            ? "it holds no array"
            : key is null ? $"it holds {string.Join(", ", names.Take(20))}: say which with --key"
            : $"it has no '{key}', only {string.Join(", ", names.Take(20))}");
    }
}
