using Amnre.Engine.Catalog;
using Amnre.Engine.Imports;
using Amnre.Engine.SampleFiles;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;
using Amnre.Testing;

namespace Amnre.Engine.Tests.Imports;

public sealed class ArrayImportTests : IDisposable
{
    private const int Rows = 1000;

    private readonly ScratchDirectory _scratch = new();

    private readonly ISimulator _simulator = SimulatorCatalog.Find(
        """{"parameters":{"a":{"uniform":[0,1]},"b":{"uniform":[-1,1]}},"observation":[2,2]}""");

    private readonly double[] _theta = [.. Enumerable.Range(0, 2 * Rows).Select(i => i % 2 == 0 ? i / 2e3 : Math.Sin(i))];

    private readonly double[] _x = [.. Enumerable.Range(0, 4 * Rows).Select(i => Math.Cos(i) * 10)];

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData(0, 1000, 64)]
    [InlineData(0, 1000, 65536)]
    [InlineData(990, 10, 64)]
    [InlineData(250, 500, 100)]
    public void Rows_are_those_of_the_file_rounded_to_float32(long first, long rows, int chunk)
    {
        var settings = Settings() with { First = first, Rows = rows, ChunkRows = chunk };

        using var file = Import(settings);

        Assert.Equal((rows, 2, SampleContent.Arrays), (file.Rows, file.ThetaSize, file.Origin!.Content));
        Assert.Equal([2, 2], file.ObservationShape);
        Assert.Equal(["a", "b"], file.Labels);
        var (theta, x) = (new float[2 * rows], new float[4 * rows]);
        file.Read(0, theta, x);
        Assert.Equal(_theta.Skip((int)(2 * first)).Take((int)(2 * rows)).Select(value => (float)value), theta);
        Assert.Equal(_x.Skip((int)(4 * first)).Take((int)(4 * rows)).Select(value => (float)value), x);
    }

    /// <summary>Forms, splits and names of files do not show in the rows.</summary>
    [Theory]
    [InlineData("npy")]
    [InlineData("csv")]
    [InlineData("json")]
    [InlineData("two")]
    [InlineData("h5")]
    public void Every_form_gives_the_same_rows(string form)
    {
        using var expected = Import(Settings());
        using var file = Import(Settings() with { Parts = Parts(form) });

        Assert.Equal(expected.Origin!.ThetaDigest.ToArray(), file.Origin!.ThetaDigest.ToArray());
        Assert.Equal(expected.Origin.XDigest.ToArray(), file.Origin.XDigest.ToArray());
    }

    [Fact]
    public void Moments_are_those_of_the_rows_taken_or_of_the_reference()
    {
        var settings = Settings() with { Moments = true, First = 100, Rows = 800 };
        using var file = Import(settings);
        var column = _x.Where((_, i) => i % 4 == 1).Skip(100).Take(800).ToList();
        Assert.Equal(column.Average(), file.Moments!.Mu[1], 1e-5);
        Assert.Equal(Math.Sqrt(column.Average(value => value * value) - column.Average() * column.Average()), file.Moments.Sigma[1], 1e-4);

        using var other = Import(settings with { First = 0, Rows = 50 }, file.Path);
        Assert.True(file.Moments.IsSameAs(other.Moments));
    }

    [Fact]
    public void Observations_have_no_parameters()
    {
        File.WriteAllText(_scratch["obs.csv"], "1,2,3,4\n5,6,7,8\n");
        using var file = Import(Settings() with
        {
            Content = SampleContent.Observations,
            Parts = [new(Array("obs.csv", null), null)],
            Rows = 2,
        });

        Assert.Equal((2L, 0, SampleContent.Observations), (file.Rows, file.ThetaSize, file.Origin!.Content));
        var x = new float[8];
        file.Read(0, [], x);
        Assert.Equal([1f, 2, 3, 4, 5, 6, 7, 8], x);
    }

    [Fact]
    public void The_same_bytes_come_after_a_run_that_was_cut_off()
    {
        var settings = Settings() with { Moments = true, ChunkRows = 64 };
        var straight = Bytes(settings, "straight");

        Assert.Equal(RunEnd.Drained, Run(settings, "again", RunContexts.Draining));
        Assert.Throws<OperationCanceledException>(() => Run(settings, "again", RunContexts.Stopped));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_scratch["again"]));
        Assert.Equal(straight, Bytes(settings, "again"));
    }

    [Theory]
    [InlineData(17, 0, double.NaN, "'sims.npz': row 17 of theta: a is NaN")]
    [InlineData(999, 1, double.PositiveInfinity, "'sims.npz': row 999 of theta: b is Infinity")]
    [InlineData(3, 1, 1.5, "'sims.npz': row 3 of theta: b is 1.5, outside the prior [-1, 1)")]
    [InlineData(3, 0, -0.01, "'sims.npz': row 3 of theta: a is -0.01, outside the prior [0, 1)")]
    public void Parameters_that_cannot_be_are_refused_with_their_row(int row, int parameter, double value, string told)
    {
        _theta[2 * row + parameter] = value;
        Assert.Contains(told, Assert.Throws<InputException>(() => Import(Settings())).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(17, 2, double.NegativeInfinity, "'sims.npz': row 17 of x: x[2] is -Infinity: values must be finite")]
    [InlineData(0, 0, 1e300, "'sims.npz': row 0 of x: x[0] is 1E+300, which single precision does not hold")]
    public void Observed_values_that_cannot_be_are_refused_with_their_row(int row, int place, double value, string told)
    {
        _x[4 * row + place] = value;
        Assert.Contains(told, Assert.Throws<InputException>(() => Import(Settings())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_content_than_was_planned_is_refused()
    {
        var settings = Settings();
        File.AppendAllText(_scratch["sims.npz"], "more");
        Assert.Contains("'sims.npz' is not the file that was submitted",
            Assert.Throws<InputException>(() => Run(settings, "out", RunContexts.Quiet)).Message, StringComparison.Ordinal);

        File.Delete(_scratch["sims.npz"]);
        Assert.Contains("'sims.npz' is not in the store",
            Assert.Throws<InputException>(() => Run(settings, "out", RunContexts.Quiet)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_constant_value_has_no_moments()
    {
        for (var i = 3; i < _x.Length; i += 4) _x[i] = 5;
        Assert.Contains("'sims.npz': observed value 3 is 5 in all of the first 1000 rows",
            Assert.Throws<InputException>(() => Import(Settings() with { Moments = true })).Message, StringComparison.Ordinal);
    }

    private ImportSettings Settings()
    {
        NumpyFile.WriteArchive(_scratch["sims.npz"], ("theta", _theta, [Rows, 2]), ("x", _x, [Rows, 2, 2]));
        return new ImportSettings
        {
            Simulator = _simulator.Name,
            Content = SampleContent.Arrays,
            Parts = [new(Array("sims.npz", "x"), Array("sims.npz", "theta"))],
            First = 0,
            Rows = Rows,
        };
    }

    private IReadOnlyList<ImportedPart> Parts(string form)
    {
        string Text(double[] values, int size, string between, string ends) => string.Join(ends, values.Chunk(size).Select(row =>
            string.Join(between, row.Select(value => value.ToString("R", System.Globalization.CultureInfo.InvariantCulture)))));
        switch (form)
        {
            case "npy":
                NumpyFile.Write(_scratch["theta.npy"], _theta, Rows, 2);
                NumpyFile.Write(_scratch["x.npy"], _x, Rows, 4);
                return [new(Array("x.npy", null), Array("theta.npy", null))];
            case "csv":
                File.WriteAllText(_scratch["theta.csv"], Text(_theta, 2, ",", "\n"));
                File.WriteAllText(_scratch["x.csv"], Text(_x, 4, ",", "\n"));
                return [new(Array("x.csv", null), Array("theta.csv", null))];
            case "json":
                File.WriteAllText(_scratch["sims.json"],
                    $$"""{"theta": [[{{Text(_theta, 2, ",", "],[")}}]], "x": [[{{Text(_x, 4, ",", "],[")}}]]}""");
                return [new(Array("sims.json", "x"), Array("sims.json", "theta"))];
            case "h5":
                Import(Settings()).Dispose();
                File.Copy(_scratch["out/dataset.h5"], _scratch["sims.h5"]);
                return [new(Array("sims.h5", "x"), Array("sims.h5", "theta"))];
            default:
                NumpyFile.WriteArchive(_scratch["one.npz"], ("theta", _theta[..(2 * 300)], [300, 2]), ("x", _x[..(4 * 300)], [300, 2, 2]));
                NumpyFile.WriteArchive(_scratch["two.npz"], ("theta", _theta[(2 * 300)..], [700, 2]), ("x", _x[(4 * 300)..], [700, 2, 2]));
                return [new(Array("one.npz", "x"), Array("one.npz", "theta")), new(Array("two.npz", "x"), Array("two.npz", "theta"))];
        }
    }

    private ImportedArray Array(string name, string? key) => new(ArrayFiles.Describe(_scratch[name]), key);

    private SampleFile Import(ImportSettings settings, string? reference = null)
    {
        var folder = reference is null ? "out" : "other";
        Assert.Equal(RunEnd.Completed, Run(settings, folder, RunContexts.Quiet, reference));
        return SampleFile.Open(Path.Combine(_scratch[folder], ArrayImport.OutputName));
    }

    private byte[] Bytes(ImportSettings settings, string folder)
    {
        Assert.Equal(RunEnd.Completed, Run(settings, folder, RunContexts.Quiet));
        return File.ReadAllBytes(Path.Combine(_scratch[folder], ArrayImport.OutputName));
    }

    private RunEnd Run(ImportSettings settings, string folder, RunContext context, string? reference = null)
    {
        Directory.CreateDirectory(_scratch[folder]);
        return ArrayImport.Run(settings, _simulator, file => _scratch[file.Name], _scratch[folder], context, reference);
    }
}
