using Amnre.Engine.Rows;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.SampleFiles;

/// <summary>One dataset in one file or in several: its shards read as if they had been put together. The one place where x is
/// standardised. For one thread at a time.</summary>
internal sealed class SampleSet : IDisposable
{
    private readonly IReadOnlyList<SampleFile> _files;
    private readonly long[] _starts;
    private int _current;

    private SampleSet(IReadOnlyList<SampleFile> files)
    {
        _files = files;
        _starts = new long[files.Count + 1];
        for (var i = 0; i < files.Count; i++) _starts[i + 1] = _starts[i] + files[i].Rows;
    }

    public long Rows => _starts[^1];

    /// <summary>Number of parameters D; 0 when there are observations only.</summary>
    public int ThetaSize => _files[0].ThetaSize;

    /// <summary>Shape of one observation.</summary>
    public IReadOnlyList<int> ObservationShape => _files[0].ObservationShape;

    public int ObservationSize => ObservationShape.Aggregate(1, (a, b) => a * b);

    /// <summary>What x is standardised with; null when the files have none.</summary>
    public ObservationMoments? Moments => _files[0].Moments;

    /// <summary>What the files say of their simulator; those of other programs say nothing.</summary>
    public IEnumerable<string> Simulators => _files.Select(file => file.Origin?.Simulator).OfType<string>().Distinct();

    /// <summary>Attributes <c>simulator</c> of files of other programs, which may mean anything.</summary>
    public IEnumerable<string> Claims => _files.Where(file => file.Origin is null).Select(file => file.Claim).OfType<string>().Distinct();

    /// <summary>What files say of the columns of theta, with their paths.</summary>
    public IEnumerable<(string Path, IReadOnlyList<string> Labels)> Labels =>
        _files.Where(file => file.Labels is not null).Select(file => (file.Path, file.Labels!));

    /// <summary>They are observations as they were measured.</summary>
    public bool AreMeasured => _files.All(file => file.Origin is { Content: SampleContent.Observations });

    /// <summary>Of a reduced basis that x is written in; null for none, or the simulator's own. Without meaning where
    /// <see cref="Simulators"/> is empty.</summary>
    public string? BasisDigest => _files[0].Origin?.BasisDigest;

    /// <param name="paths">Files, folders of shards, or patterns such as <c>shards/train-*.h5</c>. Shards of a folder or pattern
    /// are read in the order of their rows.</param>
    /// <exception cref="InputException">Missing or invalid files, or files that are not of one dataset.</exception>
    public static SampleSet Open(params IReadOnlyList<string> paths)
    {
        var files = new List<SampleFile>();
        try
        {
            foreach (var path in SamplePaths.Expand(paths)) files.Add(SampleFile.Open(path));
            if (files.Count == 0) throw new InputException("samples: no file was given");
            var ordered = InRowOrder(files);
            for (var i = 1; i < ordered.Count; i++) CheckPair(ordered[0], ordered[i]);
            CheckOverlaps(ordered);
            return new SampleSet(ordered);
        }
        catch
        {
            foreach (var file in files) file.Dispose();
            throw;
        }
    }

    /// <summary>Reads rows [<paramref name="firstRow"/>, firstRow + n) as simulated.</summary>
    /// <param name="firstRow">First row.</param>
    /// <param name="theta">Receives (n, D), row-major; empty to leave theta out.</param>
    /// <param name="x">Receives (n, observation size), row-major; empty to leave x out.</param>
    /// <exception cref="InputException">No such rows, or damage.</exception>
    public void Read(long firstRow, Span<float> theta, Span<float> x)
    {
        var observationSize = ObservationSize;
        var rows = theta.Length > 0 && ThetaSize > 0 ? theta.Length / ThetaSize : x.Length / observationSize;
        if (firstRow < 0 || firstRow + rows > Rows)
        {
            var (others, has) = _files.Count > 1 ? ($" and {_files.Count - 1} more", "they have") : ("", "it has");
            throw new InputException($"samples file '{_files[0].Path}'{others}: rows {firstRow} to {firstRow + rows - 1} were asked for, " +
                $"but {has} {Rows} rows");
        }

        for (var i = FileOf(firstRow); rows > 0; i++)
        {
            // Else each of many shards would keep a chunk.
            if (i != _current) _files[_current].Forget();
            _current = i;
            var within = firstRow - _starts[i];
            var count = (int)Math.Min(rows, _files[i].Rows - within);
            var (thetas, xs) = (theta.Length > 0 ? count * ThetaSize : 0, x.Length > 0 ? count * observationSize : 0);
            _files[i].Read(within, theta[..thetas], x[..xs]);
            theta = theta[thetas..];
            x = x[xs..];
            (firstRow, rows) = (firstRow + count, rows - count);
        }
    }

    /// <summary>As <see cref="Read"/>, with x as networks take it: (x − mu) · (1/sigma) where there are moments.</summary>
    public void ReadStandardized(long firstRow, Span<float> theta, Span<float> x)
    {
        Read(firstRow, theta, x);
        Standardize(x);
    }

    /// <summary>Makes of simulated rows what networks take.</summary>
    /// <param name="x">(n, observation size), row-major.</param>
    public void Standardize(Span<float> x) => Moments?.Standardize(x);

    /// <summary>A row by its file and its place there, for messages.</summary>
    public string Describe(long row)
    {
        var file = FileOf(row);
        return $"row {row - _starts[file]} of '{_files[file].Path}'";
    }

    public void Dispose()
    {
        foreach (var file in _files) file.Dispose();
    }

    private int FileOf(long row)
    {
        var found = Array.BinarySearch(_starts, row);
        return found >= 0 ? found : ~found - 1;
    }

    /// <summary>By seed and row where all files say theirs; else as given.</summary>
    private static List<SampleFile> InRowOrder(List<SampleFile> files) =>
        files.Exists(file => file.Origin is not { Content: SampleContent.Rows })
            ? files
            : [.. files.OrderBy(file => file.Origin!.Seed).ThenBy(file => file.Origin!.FirstRow)];

    private static void CheckPair(SampleFile first, SampleFile other)
    {
        string? error = null;
        if (first.ThetaSize != other.ThetaSize || !first.ObservationShape.SequenceEqual(other.ObservationShape))
            error = "have rows of other shapes";
        else if (first.Origin is { } one && other.Origin is { } two && one.Simulator != two.Simulator)
            error = $"are of {SimulatorReference.Plain(one.Simulator)} and {SimulatorReference.Plain(two.Simulator)}";
        else if (first.Origin is { } its && other.Origin is { } others && its.BasisDigest != others.BasisDigest)
            error = "are written in other reduced bases";
        else if (first.Moments is null != other.Moments is null || first.Moments?.IsSameAs(other.Moments) == false)
            error = "have other moments 'mu' and 'sigma'";
        if (error is not null)
            throw new InputException($"samples files '{first.Path}' and '{other.Path}' {error}: give the files of one dataset");
    }

    private static void CheckOverlaps(List<SampleFile> files)
    {
        for (var i = 1; i < files.Count; i++)
        {
            if (files[i - 1].Origin is { Content: SampleContent.Rows } a
                && files[i].Origin is { Content: SampleContent.Rows } b && a.Seed == b.Seed
                && b.FirstRow < a.EndRow && a.FirstRow < b.EndRow)
                throw new InputException(
                    $"samples files '{files[i - 1].Path}' and '{files[i].Path}' share rows {Math.Max(a.FirstRow, b.FirstRow)} to " +
                        $"{Math.Min(a.EndRow, b.EndRow) - 1} of seed {a.Seed}: leave one out");
        }
    }
}
