using System.Diagnostics;
using Amnre.Testing;

namespace Amnre.EndToEnd.Tests;

/// <summary>Studies of a user's own arrays and measurements, without a simulator.</summary>
public sealed class OwnDataStudyTests
{
    private const int Rows = 4096;

    private const string Own =
        """
        name: own
        parameters: { shift: { uniform: [-1, 1] }, scale: { log_uniform: [0.1, 10] } }
        observation: [4]
        datasets:
          train: { file: sims.npz, indices: [0, 3840], moments: true }
          valid: { file: sims.npz, indices: [3840, 4096], moments: true, reference: train }
        observations:
          night: { file: obs.csv }
          same: { file: obs.csv, reference: train }
        models: { m: { samples: train, valid: valid, arbitrary: true, model: { num_layers: 2, hidden_size: 32 }, epochs: 4, bs: 128 } }
        evaluations:
          night: { data: night, bins: 16 }
          same: { data: same, bins: 16 }
          all: { data: valid, indices: [0, 4], bins: 16, calibration: true }
        figures: { night: { type: corner, evaluation: night, row: 0 } }
        """;

    [Fact]
    public async Task Arrays_and_a_measurement_become_a_figure_and_count_by_their_content()
    {
        var stop = TestContext.Current.CancellationToken;
        using var study = new Study(Own);
        Write(study);

        var (code, printed) = await AmnreProcess.RunAsync(stop, study.RunArguments);

        Assert.True(code == 0, printed);
        var results = study.Results("own");
        Assert.All(["figures/night.png", "samples/train.h5", "observations/night.h5", "results/m_all.csv"],
            path => Assert.NotEmpty(results[path]));
        // Standardised by the model's moments, or with those of its training data beside it: the same.
        Assert.Equal(results["results/m_same.csv"], results["results/m_night.csv"]);

        // Nothing is new.
        (code, printed) = await AmnreProcess.RunAsync(stop, study.RunArguments);
        Assert.True(code == 0, printed);
        Assert.Contains("0 jobs run, 9 reused", printed, StringComparison.Ordinal);

        await File.WriteAllTextAsync(Path.Combine(study.Folder, "obs.csv"), "0.5,0.3,0.4,0.21\n", stop);
        (code, printed) = await AmnreProcess.RunAsync(stop, study.RunArguments);
        Assert.True(code == 0, printed);
        // Two imports, two evaluations and the figure.
        Assert.Contains("5 jobs run, 4 reused", printed, StringComparison.Ordinal);
        var changed = study.Results("own");
        Assert.Equal(results["samples/train.h5"], changed["samples/train.h5"]);
        Assert.NotEqual(results["results/m_night.csv"], changed["results/m_night.csv"]);
    }

    /// <summary>Killed while it writes, with a part of the rows done: another worker imports them again.</summary>
    [Fact]
    public async Task An_import_killed_in_the_middle_ends_with_the_same_bytes()
    {
        const string Large =
            """
            name: own
            parameters: { shift: { uniform: [-1, 1] } }
            observation: [256]
            datasets: { train: { file: sims.npz, moments: true, compress: 9 } }
            """;
        var stop = TestContext.Current.CancellationToken;
        using var quiet = new Study(Large);
        WriteLarge(quiet);
        var (code, printed) = await AmnreProcess.RunAsync(stop, quiet.RunArguments);
        Assert.True(code == 0, printed);
        var expected = quiet.Results("own");

        using var disturbed = new Study(Large);
        WriteLarge(disturbed);
        using var running = AmnreProcess.Start(disturbed.RunArguments);
        Process.GetProcessById(await WriterAsync(disturbed, running, stop)).Kill();
        code = await running.EndAsync(stop);

        Assert.True(code == 0, running.Printed);
        var actual = disturbed.Results("own");
        Assert.Equal(expected.Keys, actual.Keys);
        Assert.True(expected["samples/train.h5"].AsSpan().SequenceEqual(actual["samples/train.h5"]));
        // The first attempt published nothing.
        Assert.Equal("2", Path.GetFileName(Path.GetDirectoryName(
            File.ResolveLinkTarget(Path.Combine(disturbed.Store, "own", "samples", "train.h5"), returnFinalTarget: true)!.FullName)));
    }

    /// <summary>A row that cannot be is refused with its file, row and value, and nothing starts.</summary>
    [Fact]
    public async Task A_row_that_cannot_be_is_named()
    {
        var stop = TestContext.Current.CancellationToken;
        using var study = new Study(Own);
        Write(study, theta => theta[2 * 3000] = 1.5);

        var (code, printed) = await AmnreProcess.RunAsync(stop, study.RunArguments);

        Assert.Equal(2, code);
        Assert.False(Directory.Exists(Path.Combine(study.Store, "own")), printed);
        Assert.Contains("'sims.npz': row 3000 of theta: shift is 1.5, outside the prior [-1, 1)", printed.ReplaceLineEndings(" "),
            StringComparison.Ordinal);
    }

    private static void WriteLarge(Study study)
    {
        const int Many = 60_000, Size = 256;
        var random = new Random(2);
        var (theta, x) = (new double[Many], new double[Many * Size]);
        for (var row = 0; row < Many; row++) theta[row] = 2 * random.NextDouble() - 1;
        for (var i = 0; i < x.Length; i++) x[i] = theta[i / Size] + random.NextDouble();
        NumpyFile.WriteArchive(Path.Combine(study.Folder, "sims.npz"), ("theta", theta, [Many, 1]), ("x", x, [Many, Size]));
    }

    /// <summary>Waits for the process that has a file of the store's results open which already holds rows, and names it.</summary>
    private static async Task<int> WriterAsync(Study study, AmnreProcess running, CancellationToken stop)
    {
        var (results, patience) = (Path.Combine(study.Store, "artifacts") + "/", TimeProvider.System.GetTimestamp());
        while (TimeProvider.System.GetElapsedTime(patience) < TimeSpan.FromMinutes(5))
        {
            foreach (var process in Directory.EnumerateDirectories("/proc").Where(path => int.TryParse(Path.GetFileName(path), out _)))
            {
                try
                {
                    if (Directory.EnumerateFiles(Path.Combine(process, "fd")).Any(link => IsWritten(Target(link))))
                        return int.Parse(Path.GetFileName(process));
                }
                catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
                {
                    // Another user's, or ended meanwhile.
                }
            }

            await Task.Delay(10, stop);
        }

        throw new TimeoutException($"nothing was written:\n{running.Printed}");

        // Null where the file was closed meanwhile: the others of the process still count.
        static string? Target(string link)
        {
            try
            {
                return new FileInfo(link).LinkTarget;
            }
            catch (IOException)
            {
                return null;
            }
        }

        bool IsWritten(string? path) =>
            path?.StartsWith(results, StringComparison.Ordinal) == true && File.Exists(path) && new FileInfo(path).Length > 1 << 20;
    }

    private static void Write(Study study, Action<double[]>? spoil = null)
    {
        var random = new Random(1);
        var theta = new double[2 * Rows];
        var x = new double[4 * Rows];
        for (var row = 0; row < Rows; row++)
        {
            var (shift, scale) = (2 * random.NextDouble() - 1, Math.Pow(10, 2 * random.NextDouble() - 1));
            (theta[2 * row], theta[2 * row + 1]) = (shift, scale);
            for (var i = 0; i < 4; i++) x[4 * row + i] = shift + scale * (random.NextDouble() - 0.5);
        }

        spoil?.Invoke(theta);
        NumpyFile.WriteArchive(Path.Combine(study.Folder, "sims.npz"), ("theta", theta, [Rows, 2]), ("x", x, [Rows, 4]));
        File.WriteAllText(Path.Combine(study.Folder, "obs.csv"), "0.5,0.3,0.4,0.2\n");
    }
}
