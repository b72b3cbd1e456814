using System.Globalization;
using Amnre.Engine;
using Amnre.Engine.Imports;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;
using Amnre.Experiments.Fields;
using Amnre.Jobs.Specs;

namespace Amnre.Experiments.Reading;

/// <summary>Reads which of a user's files a section names. Of each file it looks at the shapes, at all bytes once, for their digest, and
/// at the values unless there are very many.</summary>
/// <param name="folder">Where relative paths start.</param>
internal sealed class DataFiles(string folder)
{
    /// <summary>Bytes of a section's files whose values are looked at too; those of larger ones are left to the job that imports
    /// them.</summary>
    private const long MaxChecked = 1 << 28;

    private readonly Dictionary<string, ImportedFile> _known = new(StringComparer.Ordinal);

    /// <summary>All files that were named so far.</summary>
    public IReadOnlyList<LocalFile> All =>
        [.. _known.Select(file => new LocalFile(file.Key, file.Value.Sha256) { Bytes = new FileInfo(file.Key).Length })];

    /// <summary>Simulated rows: <c>file</c> with arrays of theta and x, or without it a file of each.</summary>
    /// <returns>Null where the section names no file, or its files have a validation error.</returns>
    public ImportSettings? Arrays(Section body, ISimulator? simulator)
    {
        var files = body.Texts("file");
        var (theta, x, indices) = (body.Texts("theta"), body.Texts("x"), body.Texts("indices"));
        if (files is null && theta is null && x is null)
        {
            if (indices is not null)
                body.Error("indices", "'indices' takes rows of 'file': name one, or write 'rows' to draw so many");
            return null;
        }

        var parts = files is not null ? Together(body, files, theta, x) : Apart(body, theta, x);
        return Settings(body, simulator, SampleContent.Arrays, parts, indices);
    }

    /// <summary>Measured observations: <c>file</c> with an array of them.</summary>
    /// <inheritdoc cref="Arrays" path="/returns"/>
    public ImportSettings? Observations(Section body, ISimulator? simulator)
    {
        var (files, x) = (body.Texts("file"), body.Text("x"));
        if (files is null) body.Error("file", "'file' is missing: name the file of the measurement, such as file: obs.csv");
        List<Part> parts = [.. Find(body, "file", files ?? []).Select(path => new Part(new(path, x), null))];
        return Settings(body, simulator, SampleContent.Observations, parts, null);
    }

    private List<Part> Together(
        Section body, IReadOnlyList<string> files, IReadOnlyList<string>? theta, IReadOnlyList<string>? x)
    {
        var (thetaKey, xKey) = (Key(body, "theta", theta), Key(body, "x", x));
        var paths = Find(body, "file", files);
        foreach (var path in paths.Where(path => Try(body, "file", () => ArrayFiles.IsSingle(path))))
            body.Error("file", $"'{Path.GetFileName(path)}' holds one array: leave 'file' out and name two files, such as theta: " +
                "theta.npy and x: x.npy");
        return [.. paths.Select(path => new Part(new(path, xKey), new(path, thetaKey)))];
    }

    private List<Part> Apart(
        Section body, IReadOnlyList<string>? theta, IReadOnlyList<string>? x)
    {
        var (thetas, xs) = (Find(body, "theta", theta ?? []), Find(body, "x", x ?? []));
        if (theta is null || x is null)
        {
            var (given, missing) = theta is null ? ("x", "theta") : ("theta", "x");
            body.Error(given, $"'{missing}' is missing: without 'file', name the files of both, such as theta: theta.npy and x: x.npy");
        }
        else if (thetas.Count > 0 && xs.Count > 0 && thetas.Count != xs.Count)
            body.Error("theta", $"there are {thetas.Count} files of theta and {xs.Count} of x: give as many of both, in the same order");
        return [.. xs.Zip(thetas, (one, other) => new Part(Named(body, one, "x"), Named(body, other, "theta")))];
    }

    private ImportSettings? Settings(Section body, ISimulator? simulator, SampleContent content,
        List<Part> parts, IReadOnlyList<string>? indices)
    {
        if (simulator is null || parts.Count == 0) return null;
        var (rows, read, counts) = (0L, new List<ImportedPart>(), new List<long>());
        foreach (var (x, theta) in parts)
        {
            var field = theta is null || theta.Path == x.Path ? "file" : "x";
            var count = Try(body, field, () => ArrayFiles.Rows(x.Path, x.Key, theta?.Path, theta?.Key, simulator));
            if (count == 0 || Describe(body, field, x.Path) is not { } own || Describe(body, field, theta?.Path ?? x.Path) is not { } other)
                return null;
            rows += count;
            counts.Add(count);
            read.Add(new ImportedPart(new(own, x.Key), theta is null ? null : new(other, theta.Key)));
        }

        var (first, last) = indices is null ? (0, rows) : Range(body, indices, rows);
        CheckValues(body, simulator, parts, counts, first, last);
        return new ImportSettings { Simulator = simulator.Name, Content = content, Parts = read, First = first, Rows = last - first };
    }

    private static void CheckValues(
        Section body, ISimulator simulator, List<Part> parts, List<long> counts, long first, long last)
    {
        var paths = parts.SelectMany(part => (string?[])[part.X.Path, part.Theta?.Path]).OfType<string>().Distinct();
        if (paths.Sum(path => new FileInfo(path).Length) > MaxChecked) return;
        var begin = 0L;
        foreach (var ((x, theta), count) in parts.Zip(counts))
        {
            var (from, to) = (Math.Max(first, begin), Math.Min(last, begin + count));
            var passed = from - begin;
            begin += count;
            if (from >= to) continue;
            var isGood = Try(body, theta is null || theta.Path == x.Path ? "file" : "x", () =>
            {
                ArrayFiles.Check(x.Path, x.Key, theta?.Path, theta?.Key, simulator, passed, to - from);
                return true;
            });
            if (!isGood) return;
        }
    }

    private static (long First, long Last) Range(Section body, IReadOnlyList<string> indices, long rows)
    {
        if (indices is not [var from, var to] || Row(from) is not { } first || Row(to) is not { } last || first >= last)
            body.Error("indices", "'indices' must be two whole numbers [first, last): rows first to last - 1, counted from 0");
        else if (last > rows)
            body.Error("indices", $"indices end at row {last}, but the files have {rows} rows: end at {rows}");
        else
            return (first, last);
        return (0, rows);
    }

    private static long? Row(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var row) ? row : null;

    private static string Key(Section body, string field, IReadOnlyList<string>? texts)
    {
        if (texts is null or [_]) return texts?[0] ?? field;
        body.Error(field, $"'{field}' has {texts.Count} values: with 'file', write the name of one array in it, such as {field}: {field}");
        return field;
    }

    private static Source Named(Section body, string path, string key) =>
        new(path, Try(body, key, () => ArrayFiles.IsSingle(path)) ? null : key);

    private List<string> Find(Section body, string field, IReadOnlyList<string> texts) =>
        [.. texts.SelectMany(text => Try(body, field, () => ArrayFiles.Find(text, folder)) ?? [])];

    private ImportedFile? Describe(Section body, string field, string path)
    {
        if (_known.TryGetValue(path, out var known)) return known;
        if (Try(body, field, () => ArrayFiles.Describe(path)) is not { } described) return null;
        return _known[path] = described;
    }

    private static T? Try<T>(Section body, string field, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InputException wrong)
        {
            body.Error(field, wrong.Message);
            return default;
        }
    }

    /// <param name="Path">Absolute.</param>
    /// <param name="Key">Which array, where the file holds several.</param>
    private sealed record Source(string Path, string? Key);

    private sealed record Part(Source X, Source? Theta);
}
