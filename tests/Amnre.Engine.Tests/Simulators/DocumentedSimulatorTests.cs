using System.Text.Json.Nodes;
using Amnre.Engine.Catalog;
using Amnre.Engine.Estimators;
using Amnre.Engine.Masks;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;
using Amnre.Engine.Tables;
using Amnre.Engine.Training;
using OwnSimulator;

namespace Amnre.Engine.Tests.Simulators;

/// <summary>docs/simulators.md shows the very files that are compiled, run and named here.</summary>
public sealed class DocumentedSimulatorTests
{
    private const int Rows = 20_000;

    private static readonly string Page = File.ReadAllText(Here("docs", "simulators.md"));

    private readonly ISimulator _line = new NoisyLine();

    [Theory]
    [InlineData("csharp", "own-simulator", "NoisyLine.cs")]
    [InlineData("csharp", "own-simulator", "Program.cs")]
    [InlineData("yaml", "simulators", "two-moons.yaml")]
    [InlineData("yaml", "simulators", "two-moons-hdf5.yaml")]
    [InlineData("python", "simulators", "two_moons.py")]
    [InlineData("python", "simulators", "two_moons_hdf5.py")]
    public void The_page_shows_the_files_as_they_are(string language, string folder, string file) =>
        Assert.Contains(File.ReadAllText(Here("examples", folder, file)).Trim(), Blocks(language));

    [Fact]
    public void The_simulator_of_the_page_fits_forty_lines() =>
        Assert.True(File.ReadLines(Here("examples", "own-simulator", "NoisyLine.cs")).Count() <= 40);

    [Fact]
    public void Its_rows_are_functions_of_seed_and_index_and_scatter_as_the_page_says()
    {
        var (theta, x) = (new float[3 * Rows], new float[5 * Rows]);
        _line.Sample(1, 0, theta, x);

        var (someTheta, someX) = (new float[3 * 7], new float[5 * 7]);
        _line.Sample(1, 1000, someTheta, someX);
        Assert.Equal(theta[3000..3021], someTheta);
        Assert.Equal(x[5000..5035], someX);

        var squares = 0.0;
        for (var row = 0; row < Rows; row++)
        {
            var z = (x[5 * row + 2] - theta[3 * row] - theta[3 * row + 1] / 2) / theta[3 * row + 2];
            squares += z * z;
        }

        Assert.Equal(1, squares / Rows, 0.05);
    }

    [Fact]
    public void An_estimator_learns_from_it()
    {
        using var folder = new ScratchDirectory();
        var settings = new TrainSettings
        {
            Simulator = "NoisyLine",
            Arbitrary = true,
            Model = new JsonObject { ["num_layers"] = 2, ["hidden_size"] = 32, ["activation"] = "ELU" },
            Epochs = 4,
            Descents = 32,
            BatchSize = 256,
        };

        Assert.Equal(RunEnd.Completed,
            TrainingRun.Run(settings, _line, new TrainInputs(null), folder["model.pth"], folder["checkpoints"], RunContexts.Quiet));

        var history = HistoryFile.Read(folder["model.csv"]);
        Assert.True(history[^1].Mean < history[0].Mean - 0.02, $"{history[0].Mean} → {history[^1].Mean}");
        using var posterior = TrainedModel.Load(folder["model.pth"], _line, threads: 1);
        var density = new float[2];
        posterior.LogDensity(ParameterMask.Parse("100"), [1, 1, 1, 1, 1], [1, -1.9f], density);
        Assert.True(density[0] > density[1]);
    }

    [Fact]
    public void One_line_adds_it_and_its_name_is_then_taken()
    {
        SimulatorCatalog.Add(() => new NoisyLine());

        Assert.IsType<NoisyLine>(SimulatorCatalog.Find("noisyline"));
        Assert.Contains("NoisyLine", SimulatorCatalog.Names);
        Assert.Contains("already", Assert.Throws<InputException>(() => SimulatorCatalog.Add(() => new NoisyLine())).Message,
            StringComparison.Ordinal);
    }

    private static string Here(params string[] path) => Path.Combine([AppContext.BaseDirectory, .. path]);

    private static IEnumerable<string> Blocks(string language) =>
        Page.Split("```").Where((block, i) => i % 2 == 1 && block.StartsWith(language + "\n", StringComparison.Ordinal))
        .Select(block => block[language.Length..].Trim());
}
