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

    /// <summary>A row that cannot be ends the import with its file, row and value, and what reads it does not run.</summary>
    [Fact]
    public async Task A_row_that_cannot_be_is_named()
    {
        var stop = TestContext.Current.CancellationToken;
        using var study = new Study(Own);
        Write(study, theta => theta[2 * 3000] = 1.5);

        var (code, printed) = await AmnreProcess.RunAsync(stop, study.RunArguments);

        Assert.Equal(1, code);
        Assert.Contains("'sims.npz': row 3000 of theta: shift is 1.5, outside the prior [-1, 1)", printed.ReplaceLineEndings(" "),
            StringComparison.Ordinal);
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
