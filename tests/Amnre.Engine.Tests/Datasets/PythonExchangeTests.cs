using System.Diagnostics;
using Amnre.Engine.Datasets;

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
            import h5py, numpy as np
            f = h5py.File('{path}')
            assert sorted(f) == ['theta', 'x'], list(f)
            t, x = f['theta'], f['x']
            assert (t.shape, t.chunks, t.dtype, t.compression) == ((1000, 1), (300, 1), np.dtype('<f4'), None)
            assert (x.shape, x.chunks, x.dtype, len(x.attrs)) == ((1000, 2), (300, 2), np.dtype('<f4'), 0)
            assert (t[:] == np.arange(1000)[:, None]).all() and (x[:] == -np.arange(2000).reshape(1000, 2)).all()
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
            """;
        Assert.True(Run(Python!, script, out var output), output);

        using var file = SampleFile.Open(path);
        var (theta, x) = (new float[270], new float[270 * 6]);
        file.Read(200, theta, x);
        Assert.Equal(Enumerable.Range(200, 270).Select(i => (float)i), theta);
        Assert.Equal(Enumerable.Range(1200, 270 * 6).Select(i => (float)i), x);
        Assert.Equal([0, 1, 2, 3, 4, 5], file.Mu!);
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
