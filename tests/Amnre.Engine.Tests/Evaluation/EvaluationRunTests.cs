using System.Globalization;
using System.Text.Json;
using Amnre.Engine.Catalog;
using Amnre.Engine.Datasets;
using Amnre.Engine.Evaluation;
using Amnre.Engine.Settings;

namespace Amnre.Engine.Tests.Evaluation;

public sealed class EvaluationRunTests : IDisposable
{
    private readonly ScratchDirectory _scratch = new();
    private readonly GaussianBox _simulator = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void An_exact_posterior_is_calibrated_and_whole_and_an_overconfident_one_is_not()
    {
        // The percentile counts the whole cell of theta, so cells must be small beside the posterior.
        var settings = Settings(last: 2000) with { Masks = ["=1"], Bins = 256, Clean = true, Calibration = true };
        var exact = Run(settings, new GaussianPosterior());
        var narrow = Run(settings, new GaussianPosterior(GaussianBox.Sigma / 2));

        Assert.Equal(1, exact["mean_total_probability_1d"], 1e-3);
        Assert.InRange(exact["calibration_deviation_1d"], 0, 0.015);
        Assert.InRange(narrow["calibration_deviation_1d"], 0.1, 0.5);
        Assert.Equal(2000, exact["observations"]);

        var pairs = Run(settings with { Masks = ["=2"], Bins = 40, Last = 300 }, new GaussianPosterior());
        Assert.Equal(1, pairs["mean_total_probability_2d"], 1e-3);
        Assert.InRange(pairs["calibration_deviation_2d"], 0, 0.04);
    }

    [Fact]
    public void The_table_has_the_columns_asked_for_in_the_order_of_rows_and_masks()
    {
        Run(Settings(first: 3, last: 5) with { Masks = ["=1"], Bins = 50, Calibration = true }, new GaussianPosterior());
        var lines = File.ReadAllLines(_scratch["out/table.csv"]);

        Assert.Equal("index,mask,total_probability,entropy,percentile,parameters", lines[0]);
        Assert.Equal(["3,100", "3,010", "3,001", "4,100", "4,010", "4,001"],
            lines.Skip(1).Select(line => string.Join(',', line.Split(',')[..2])));
        // Far from the bounds the entropy of cells is that of the normal minus log of the cell width.
        var expected = 0.5 * Math.Log(2 * Math.PI * Math.E * GaussianBox.Sigma * GaussianBox.Sigma) - Math.Log(6.0 / 50);
        var inner = lines.Skip(1).Select(line => double.Parse(line.Split(',')[3], CultureInfo.InvariantCulture)).Max();
        Assert.Equal(expected, inner, 5e-3);
        Assert.Equal(
            ["3_001.pth", "3_010.pth", "3_100.pth", "4_001.pth", "4_010.pth", "4_100.pth"],
            Directory.GetFiles(_scratch["out/histograms"]).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Tables_are_the_same_where_numbers_are_written_with_a_comma()
    {
        var settings = Settings(last: 2) with
        {
            Masks = ["=1"],
            Bins = 50,
            McmcLimit = 10,
            Steps = 40,
            Burn = 20,
            BatchSize = 64,
            Calibration = true,
            Clean = true,
        };
        string[] Tables()
        {
            Run(settings, new GaussianPosterior());
            return [File.ReadAllText(_scratch["out/table.csv"]), File.ReadAllText(_scratch["out/sampling.csv"])];
        }

        var tables = Tables();
        var (usual, comma) = (CultureInfo.CurrentCulture, (CultureInfo)CultureInfo.InvariantCulture.Clone());
        comma.NumberFormat.NumberDecimalSeparator = ",";
        CultureInfo.CurrentCulture = comma;
        try
        {
            Assert.Equal(tables, Tables());
        }
        finally
        {
            CultureInfo.CurrentCulture = usual;
        }
    }

    [Fact]
    public void Batches_hold_several_observations_and_do_not_change_the_table()
    {
        var settings = Settings(last: 40) with { Masks = ["=1"], Bins = 32, Clean = true, Calibration = true };
        var large = new GaussianPosterior();
        Run(settings with { BatchSize = 32 * 16 }, large);
        var table = File.ReadAllText(_scratch["out/table.csv"]);
        var small = new GaussianPosterior();
        Run(settings with { BatchSize = 7 }, small);

        Assert.Equal(table, File.ReadAllText(_scratch["out/table.csv"]));
        Assert.Equal(32 * 16, large.LargestBatch);
        Assert.Equal(9, large.Calls);
        Assert.Equal(7, small.LargestBatch);
    }

    [Fact]
    public void Consistency_compares_what_marginals_share()
    {
        Run(Settings(last: 1) with { Masks = ["=1", "110"], Bins = 40, Clean = true, Consistency = true }, new GaussianPosterior());
        var lines = File.ReadAllLines(_scratch["out/consistency_0.csv"]);

        Assert.Equal(",100,010,001,110", lines[0]);
        Assert.StartsWith("100,,,,", lines[1], StringComparison.Ordinal);
        Assert.Equal("001,,,,", lines[3]);
        var entry = double.Parse(lines[4].Split(',')[1], CultureInfo.InvariantCulture);
        Assert.Equal(lines[1].Split(',')[4], lines[4].Split(',')[1]);
        // Both are exact, so only the bias of the regularisation is left.
        Assert.InRange(entry, 0, 0.02);
    }

    [Fact]
    public void Accuracy_of_the_truth_itself_is_perfect()
    {
        var slcp = SimulatorCatalog.Find("SLCP");
        var settings = new SampleSettings { Simulator = "SLCP", Seed = 2, Start = 0, Rows = 3 };
        ShardSampling.Run(settings, slcp, _scratch.Root, RunContexts.Quiet);
        var evaluate = new EvaluateSettings { Simulator = "SLCP", First = 1, Last = 2, Bins = 20, Accuracy = true };
        using var posterior = new TabulatedPosterior(slcp, evaluate.Bins);
        EvaluationRun.Run(
            evaluate, slcp, posterior, new EvaluateInputs("model.pth", _scratch[ShardSampling.OutputName]), _scratch["out"],
            RunContexts.Quiet);
        var lines = File.ReadAllLines(_scratch["out/table.csv"]);

        Assert.Equal("index,mask,total_probability,entropy,entropy_truth,kl_truth,emd_truth,parameters", lines[0]);
        Assert.Equal(16, lines.Length);
        foreach (var values in lines.Skip(1)
            .Select(line => line.Split(',').Skip(2).Take(5).Select(text => double.Parse(text, CultureInfo.InvariantCulture)).ToArray()))
        {
            Assert.Equal(1, values[0], 1e-4);
            Assert.Equal(values[2], values[1], 1e-4);
            Assert.Equal(0, values[3], 1e-5);
            Assert.InRange(values[4], 0, 0.01);
        }

        Assert.Equal(15, Directory.GetFiles(_scratch["out/truth"]).Length);
    }

    [Fact]
    public void A_model_without_the_masks_a_short_file_and_faulty_settings_are_refused()
    {
        var settings = Settings(last: 10);

        Assert.Contains("trained for none of the masks", Error(settings, new GaussianPosterior(covers: _ => false)));
        Assert.Contains("has 2000 rows", Error(settings with { Last = 2001 }, new GaussianPosterior()));
        Assert.Contains("bins: 1 is too small: give at least 2", Error(settings with { Bins = 1 }, new GaussianPosterior()));
        Assert.Contains("no such file", Assert.Throws<InputException>(() =>
        {
            EvaluationRun.Run(settings, _simulator, new GaussianPosterior(), new EvaluateInputs("m.pth", "gone.h5"), _scratch["out"],
                RunContexts.Quiet);
        }).Message);

        string Error(EvaluateSettings faulty, GaussianPosterior posterior) =>
            Assert.Throws<InputException>(() => { Run(faulty, posterior); }).Message;
    }

    [Fact]
    public void A_drained_run_writes_nothing()
    {
        var samples = Samples();
        Assert.Equal(
            RunEnd.Drained,
            EvaluationRun.Run(
                Settings(last: 5), _simulator, new GaussianPosterior(), new EvaluateInputs("m.pth", samples), _scratch["drained"],
                RunContexts.Draining));

        Assert.False(Directory.Exists(_scratch["drained"]));
    }

    private static EvaluateSettings Settings(int first = 0, int last = 1) =>
        new() { Simulator = "GAUSS", First = first, Last = last };

    private string Samples()
    {
        if (!File.Exists(_scratch[ShardSampling.OutputName]))
            ShardSampling.Run(
                new SampleSettings { Simulator = "GAUSS", Seed = 1, Start = 0, Rows = 2000 }, _simulator, _scratch.Root, RunContexts.Quiet);
        return _scratch[ShardSampling.OutputName];
    }

    private Dictionary<string, double> Run(EvaluateSettings settings, GaussianPosterior posterior)
    {
        var inputs = new EvaluateInputs("model.pth", Samples());
        Assert.Equal(RunEnd.Completed, EvaluationRun.Run(settings, _simulator, posterior, inputs, _scratch["out"], RunContexts.Quiet));
        return JsonSerializer.Deserialize<Dictionary<string, double>>(File.ReadAllText(_scratch["out/summary.json"]))!;
    }
}
