using System.Diagnostics;
using Amnre.Engine.Detectors;
using Amnre.Engine.Draws;
using Amnre.Engine.Figures;
using Amnre.Engine.Masks;
using Amnre.Engine.ReducedBases;
using Amnre.Engine.SampleFiles;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Tests.Hdf5;

/// <summary>No HDF5 file makes any reader open another file, or wait for a pipe.</summary>
public sealed class ForeignFileTests : IDisposable
{
    private const string Python = "/usr/bin/python3";

    /// <summary>Far more than any refusal takes.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly ScratchDirectory _scratch = new();

    public void Dispose() => _scratch.Dispose();

    /// <summary>For each reader the datasets that it asks for, with their shapes and types.</summary>
    private static readonly Dictionary<string, (string Datasets, Action<string> Read)> Readers = new()
    {
        ["samples"] = ("x:10,2:f4", path => SampleFile.Open(path).Dispose()),
        ["theta"] = ("theta:10,2:f4 +x:10,2:f4", path => SampleFile.Open(path).Dispose()),
        ["moments"] = ("mu:2:f4 +sigma:2:f4 +x:10,2:f4", path => SampleFile.Open(path).Dispose()),
        ["draws"] = ("110:2,60,2:f4", path => DrawsFile.Read(path, ParameterMask.Parse("110"))),
        ["index"] = ("index:2:i8 +110:2,60,2:f4", path => DrawsFile.Read(path, ParameterMask.Parse("110"))),
        ["pairs"] = ("11111:10,3:f4", path => FigureRun.Plain(FigureType.Roc, new Slcp(), ["a"], [[path]])),
        ["basis"] = ("V:8193,2,2:f4", path => BasisFile.Read(path, 1)),
        ["strain"] = ("strain/Strain:40960:f8", path => StrainFile.Segment(path, 1126259462.4, null)),
    };

    public static TheoryData<string, string> Ways()
    {
        var ways = new TheoryData<string, string>();
        foreach (var reader in Readers.Keys)
        {
            foreach (var way in (string[])["storage", "virtual", "link", "soft"]) ways.Add(reader, way);
        }

        return ways;
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task What_leads_to_another_file_or_to_a_pipe_is_refused_by_name(string reader, string way)
    {
        var stop = TestContext.Current.CancellationToken;
        foreach (var target in (string[])[Secret(), Pipe()])
        {
            var path = Made(Readers[reader].Datasets, way, target);

            var refused = await Assert.ThrowsAsync<InputException>(() => Task.Run(() => Readers[reader].Read(path), stop)
                .WaitAsync(Limit, stop));

            Assert.Contains(
                way switch { "storage" => "external files, which are not followed", "virtual" => "is virtual", _ => "another file" },
                refused.Message, StringComparison.Ordinal);
        }
    }

    private string Secret()
    {
        File.WriteAllBytes(_scratch["secret"], new byte[1 << 20]);
        return _scratch["secret"];
    }

    private string Pipe()
    {
        using var maker = Process.Start("mkfifo", [_scratch["pipe"]]);
        maker.WaitForExit();
        return _scratch["pipe"];
    }

    /// <param name="datasets">The first leads out of the file; those that begin with + are sound.</param>
    /// <param name="way">How it leads out.</param>
    /// <param name="target">Where to.</param>
    private string Made(string datasets, string way, string target)
    {
        var path = _scratch["made.h5"];
        var script = $"""
            import h5py, numpy as np
            with h5py.File('{path}', 'w') as f:
                for word in '{datasets}'.split():
                    name, shape, kind = word.lstrip('+').split(':')
                    shape = tuple(int(n) for n in shape.split(','))
                    if word.startswith('+'): f[name] = np.ones(shape, kind)
                    elif '{way}' == 'storage': f.create_dataset(name, shape, kind, external=[('{target}', 0, h5py.h5f.UNLIMITED)])
                    elif '{way}' == 'virtual':
                        layout = h5py.VirtualLayout(shape=shape, dtype=kind)
                        layout[...] = h5py.VirtualSource('{target}', 'x', shape=shape)
                        f.create_virtual_dataset(name, layout)
                    elif '{way}' == 'link': f[name] = h5py.ExternalLink('{target}', '/x')
                    else:
                        f['away'] = h5py.ExternalLink('{target}', '/')
                        f[name] = h5py.SoftLink('/away/x')
            """;
        if (!File.Exists(Python)) Assert.Skip($"there is no {Python}");
        using var process = Process.Start(new ProcessStartInfo(Python, ["-c", script]) { RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.SkipWhen(errors.Contains("No module named 'h5py'", StringComparison.Ordinal),
            $"{Python} has no h5py (Debian: python3-h5py)");
        Assert.True(process.ExitCode == 0, errors);
        return path;
    }
}
