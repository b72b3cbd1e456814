using System.Globalization;
using System.Text;
using Amnre.Engine.Hdf5;
using Amnre.Engine.Masks;
using Amnre.Engine.SampleFiles;
using Amnre.Engine.Tables;
using PureHDF;

namespace Amnre.Engine.Draws;

/// <summary>Draws of posteriors on disk. <c>.h5</c>: a dataset (rows, draws, |mask|) for each mask, named by it, with the attribute
/// <c>parameters</c>, their names; <c>index</c>, the rows' numbers; and <c>predictive</c> (rows, draws, observation shape), what was
/// simulated from them, beside <c>observed</c> (rows, observation shape). <c>.csv</c>: columns index, mask, draw and one for each
/// parameter, empty where the mask lacks it; no predictions.</summary>
internal static class DrawsFile
{
    private const string Index = "index", Predictive = "predictive", Observed = "observed";

    public static void Write(PosteriorDraws draws, string path)
    {
        if (Path.GetExtension(path) == ".csv")
        {
            AtomicFile.Write(path, stream => WriteTable(draws, stream));
            return;
        }

        var (rows, count) = ((ulong)draws.Rows.Count, (ulong)draws.Count);
        var file = new H5File { [Index] = draws.Rows.Select(row => (long)row).ToArray() };
        foreach (var (mask, values) in draws.Masks)
        {
            var dataset = new H5Dataset<float[]>(values, fileDims: [rows, count, (ulong)mask.Count]);
            dataset.Attributes[SampleAttributes.Parameters] = mask.Indices().Select(parameter => draws.Names[parameter]).ToArray();
            file[mask.ToString()] = dataset;
        }

        if (draws.Predicted is var (x, shape))
        {
            ulong[] lengths = [.. shape.Select(length => (ulong)length)];
            file[Predictive] = new H5Dataset<float[]>(x, fileDims: [rows, count, .. lengths]);
            file[Observed] = new H5Dataset<float[]>(draws.Observed, fileDims: [rows, .. lengths]);
        }

        AtomicFile.Write(path, stream => file.Write(stream));
    }

    /// <summary>The draws of one mask, by row, rounded to float32 where they are of another type.</summary>
    /// <param name="path">A file as <see cref="Write"/> makes it, <c>.h5</c>.</param>
    /// <param name="mask">Whose draws.</param>
    /// <returns>Row number to (draws, |mask|); null when the file has none of this mask.</returns>
    /// <exception cref="InputException">Missing, damaged, or of another shape.</exception>
    public static IReadOnlyDictionary<int, float[]>? Read(string path, ParameterMask mask)
    {
        if (!File.Exists(path)) throw new InputException($"draws '{path}': there is no such file");
        try
        {
            using var file = Hdf5File.Open(path);
            if (!file.Has(mask.ToString())) return null;
            var dataset = file.Dataset(mask.ToString());
            if (dataset.Dimensions is not [var rows, var count, var size] || size != mask.Count || count == 0)
                throw new InputException(
                    $"dataset '{mask}' has shape ({string.Join(", ", dataset.Dimensions)}), not (rows, draws, {mask.Count})");
            var values = dataset.Singles();
            long[] index = file.Has(Index) ? file.Dataset(Index).Integers() : [.. Enumerable.Range(0, (int)rows).Select(row => (long)row)];
            if (index.Length != rows) throw new InputException($"'index' names {index.Length} rows, but '{mask}' has {rows}");
            if (index.GroupBy(row => row).FirstOrDefault(group => group.Count() > 1) is { } twice)
                throw new InputException($"'index' names row {twice.Key} twice");
            var each = (int)(count * size);
            return index.Select((row, i) => (Row: checked((int)row), Place: i))
                .ToDictionary(one => one.Row, one => values.AsSpan(one.Place * each, each).ToArray());
        }
        catch (InputException refused)
        {
            throw new InputException($"draws '{path}': {refused.Message}", refused);
        }
        catch (Exception damaged)
        {
            throw new InputException(
                $"draws '{path}' cannot be read: {damaged.Message.TrimEnd('.')}. It must be HDF5, as --draws writes it", damaged);
        }
    }

    private static void WriteTable(PosteriorDraws draws, Stream stream)
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
        writer.WriteLine($"index,mask,draw,{string.Join(",", draws.Names.Select(CsvCell.Of))}");
        for (var row = 0; row < draws.Rows.Count; row++)
        {
            foreach (var (mask, values) in draws.Masks)
            {
                var cells = new string[mask.Size];
                Array.Fill(cells, "");
                for (var draw = 0; draw < draws.Count; draw++)
                {
                    var place = (row * draws.Count + draw) * mask.Count;
                    foreach (var parameter in mask.Indices())
                        cells[parameter] = values[place++].ToString("R", CultureInfo.InvariantCulture);
                    writer.WriteLine($"{draws.Rows[row]},{mask},{draw},{string.Join(",", cells)}");
                }
            }
        }
    }
}
