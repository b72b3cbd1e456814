using System.Diagnostics;
using Amnre.Engine.Catalog;
using Amnre.Engine.Datasets;
using Amnre.Engine.SampleFiles;
using Amnre.Engine.Tests.SampleFiles;

namespace Amnre.Engine.Tests.Datasets;

/// <summary>Files go to and fro with h5py, which the original program used. Skipped where no python3 has h5py.</summary>
public sealed class PythonExchangeTests : IDisposable
{
    private static readonly string? Python =
        ((string[])["python3", "/usr/bin/python3"]).FirstOrDefault(name => Run(name, "import h5py", out _));

    private readonly ScratchDirectory _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void H5py_reads_what_is_written_here()
    {
        Assert.SkipWhen(Python is null, "no python3 with h5py (Debian: python3-h5py)");
        var path = SampleFileTests.Write(_scratch["ours.h5"], 1000);
        var script = $"""
            import h5py, hashlib, numpy as np
            f = h5py.File('{path}')
            assert sorted(f) == ['theta', 'x'], list(f)
            t, x = f['theta'], f['x']
            assert (t.shape, t.chunks, t.dtype, t.compression) == ((1000, 1), (300, 1), np.dtype('<f4'), None)
            assert (x.shape, x.chunks, x.dtype, len(x.attrs)) == ((1000, 2), (300, 2), np.dtype('<f4'), 0)
            a = f.attrs
            assert (a['simulator'], a['seed'], a['first_row'], a['end_row'], a['version']) == ('TOY', 3, 0, 1000, 1), dict(a)
            assert (a['content'], a['on_nonfinite'], a['nonfinite_rows']) == ('rows', 'error', 0), dict(a)
            assert bytes(a['theta_sha256']) == hashlib.sha256(t[:].tobytes()).digest()
            assert bytes(a['x_sha256']) == hashlib.sha256(x[:].tobytes()).digest()
            assert (t[:] == np.arange(1000)[:, None]).all() and (x[:] == -np.arange(2000).reshape(1000, 2)).all()
            """;

        Assert.True(Run(Python!, script, out var output), output);
    }

    [Theory]
    [InlineData(250, 1)]
    [InlineData(250, 4)]
    [InlineData(1000, 9)]
    public void H5py_reads_compressed_rows_and_moments(int chunkRows, int level)
    {
        Assert.SkipWhen(Python is null, "no python3 with h5py (Debian: python3-h5py)");
        var settings = new DrawSettings { Seed = 5, Rows = 1000, ChunkRows = chunkRows, Compression = level, Moments = true, Dump = 1000 };
        DatasetDrawing.Run(settings, SimulatorCatalog.Find("SLCP"), _scratch["ours.h5"], RunContexts.Quiet);
        var script = $"""
            import h5py, hashlib, numpy as np
            f = h5py.File('{_scratch["ours.h5"]}')
            x = f['x']
            assert (x.compression, x.compression_opts, x.shuffle, x.chunks) == ('gzip', {level}, True, ({chunkRows}, 4, 2))
            assert bytes(f.attrs['x_sha256']) == hashlib.sha256(x[:].tobytes()).digest()
            assert bytes(f.attrs['theta_sha256']) == hashlib.sha256(f['theta'][:].tobytes()).digest()
            assert (f['mu'].shape, f['mu'].chunks, f['mu'].dtype) == ((4, 2), None, np.dtype('<f4'))
            assert np.allclose(f['mu'][:], x[:].astype('f8').mean(0), atol=1e-6) and np.allclose(f['sigma'][:], x[:].astype('f8').std(0), rtol=1e-6)
            """;

        Assert.True(Run(Python!, script, out var output), output);
    }

    [Theory]
    [InlineData("chunks=(128, 3, 2)")]
    [InlineData("chunks=(100, 2, 1)")]
    [InlineData("")]
    [InlineData("chunks=(64, 3, 2), compression='gzip', shuffle=True")]
    public void What_h5py_wrote_is_read_here_whatever_its_layout(string layout)
    {
        Assert.SkipWhen(Python is null, "no python3 with h5py (Debian: python3-h5py)");
        var path = _scratch["theirs.h5"];
        var script = $"""
            import h5py, numpy as np
            f = h5py.File('{path}', 'w')
            f.create_dataset('theta', data=np.arange(500, dtype='f4')[:, None])
            f.create_dataset('x', data=np.arange(3000, dtype='f4').reshape(500, 3, 2){(layout.Length > 0 ? ", " : "")}{layout})
            f.create_dataset('mu', data=np.arange(6, dtype='f4').reshape(3, 2))
            f.create_dataset('sigma', data=np.ones((3, 2), 'f4'))
            """;
        Assert.True(Run(Python!, script, out var output), output);

        using var file = SampleFile.Open(path);
        var (theta, x) = (new float[270], new float[270 * 6]);
        file.Read(200, theta, x);
        Assert.Equal(Enumerable.Range(200, 270).Select(i => (float)i), theta);
        Assert.Equal(Enumerable.Range(1200, 270 * 6).Select(i => (float)i), x);
        Assert.Equal([0, 1, 2, 3, 4, 5], file.Moments!.Mu);
    }

    /// <summary>Chunks that are large enough to be read right to where they are wanted, and those where that would be wrong.</summary>
    [Theory]
    [InlineData("")]
    [InlineData(", shuffle=True")]
    [InlineData(", fletcher32=True")]
    [InlineData(", compression='gzip'")]
    [InlineData(", maxshape=(None, 3, 2)")]
    [InlineData(", fillvalue=7")]
    public void Large_chunks_of_h5py_are_read_in_any_pieces(string options)
    {
        Assert.SkipWhen(Python is null, "no python3 with h5py (Debian: python3-h5py)");
        const int Rows = 16384 + 100, Chunk = 4096;
        var path = _scratch["large.h5"];
        // With a value to fill with, the second chunk is never written.
        var script = $"""
            import h5py, numpy as np
            f = h5py.File('{path}', 'w', libver='{(options.Contains("fletcher", StringComparison.Ordinal) ? "earliest" : "latest")}')
            x = f.create_dataset('x', shape=({Rows}, 3, 2), dtype='f4', chunks=({Chunk}, 3, 2){options})
            for i in range(0, {Rows}, {Chunk}):
                if 'fill' in "{options}" and i == {Chunk}: continue
                n = min({Chunk}, {Rows} - i)
                x[i:i + n] = np.arange(6 * i, 6 * (i + n), dtype='f4').reshape(n, 3, 2)
            """;
        Assert.True(Run(Python!, script, out var output), output);
        float[] all = [.. Enumerable.Range(0, 6 * Rows)
            .Select(i => options.Contains("fill", StringComparison.Ordinal) && i / 6 / Chunk == 1 ? 7f : i)];

        using var file = SampleFile.Open(path);
        foreach (var (first, count) in new[] { (0, Rows), (Chunk, Chunk), (Chunk - 5, Chunk + 10), (2 * Chunk, 2 * Chunk), (17, 3),
            (0, Rows) })
        {
            var x = new float[6 * count];
            file.Read(first, [], x);
            Assert.Equal(all[(6 * first)..(6 * (first + count))], x);
        }
    }

    private static bool Run(string python, string script, out string output)
    {
        output = "";
        try
        {
            using var process = Process.Start(new ProcessStartInfo(python, ["-c", script])
            {
                RedirectStandardError = true,
            })!;
            output = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
