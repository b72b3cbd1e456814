using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Amnre.Engine.Catalog;
using Amnre.Engine.Simulators;
using PureHDF;

namespace Amnre.Cli.Tests.Original;

/// <summary>The real command on the original's models and samples.</summary>
public sealed class EvalVerbTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("amnre-test-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("slcp-amnre", "slcp-test", "slcp-amnre", 6,
        "-masks =1 00110 -bs 256 -steps 96 -burn 32 -groupby 16 -bins 20 -mcmc-limit 100000")]
    [InlineData("slcp-nre", "slcp-test", "slcp-nre", 1, "-bins 8 -bs 256")]
    [InlineData("slcp-mnpe", "slcp-test", "slcp-mnpe_cal", 120, "-masks =1 -indices 0 24 -bs 256 -bins 32 -clean -calibration")]
    [InlineData("hh-amnre", "hh-event", "hh-amnre-event", 9, "-ma =1 11000000 -bs=256 --bins 20 -cle")]
    public async Task Tables_are_the_originals(string model, string samples, string result, int rows, string options)
    {
        Assert.Equal("", await Eval(model, samples, options));
        Assert.Equal(rows, OriginalFiles.CompareTables(OriginalFiles.Result($"{result}.csv"), At("out.csv")));
        Assert.Equal(!options.Contains("-cle", StringComparison.Ordinal),
            File.Exists(At(model == "slcp-nre" ? "out_0_11111.pth" : "out_0_00100.pth")));
    }

    [Fact]
    public async Task Consistency_matrices_are_the_originals()
    {
        await Eval("slcp-mnre", "slcp-test",
            "-masks =1 =2 -indices 0 3 -bs 256 -steps 96 -burn 32 -groupby 16 -bins 20 -clean -consistency");
        for (var row = 0; row < 3; row++)
        {
            var (expected, actual) = (Cells(OriginalFiles.Result($"slcp-mnre_cons_{row}.csv")), Cells(At($"out_{row}.csv")));
            Assert.Equal(expected.Length, actual.Length);
            foreach (var (wanted, cell) in expected.Zip(actual))
            {
                if (OriginalFiles.Number(wanted) is { } number && !wanted.All(char.IsAsciiDigit))
                    Assert.Equal(number, OriginalFiles.Number(cell)!.Value, 1e-4);
                else Assert.Equal(wanted, cell);
            }
        }

        static string[] Cells(string path) => [.. File.ReadLines(path).SelectMany(line => line.Split(','))];
    }

    [Fact]
    public async Task Divergences_and_classified_pairs_are_the_originals()
    {
        await Eval("slcp-npe-inv-adv", "slcp-test", "-indices 0 0 -classify -kl");

        Assert.False(File.Exists(At("out.csv")));
        var (expected,
            actual) = (JsonNode.Parse(await File.ReadAllTextAsync(OriginalFiles.Result("slcp-npe-inv-adv_roc.json"), Stop))!["11111"]!,
            JsonNode.Parse(await File.ReadAllTextAsync(At("out.json"), Stop))!["11111"]!);
        foreach (var (name, value) in expected.AsObject()) Assert.Equal(value!.GetValue<double>(), actual[name]!.GetValue<double>(), 2e-5);
        var (original, made) = (Pairs(OriginalFiles.Given("slcp-npe-inv-adv_roc.h5")), Pairs(At("out.h5")));
        Assert.Equal(original.Length, made.Length);
        for (var i = 0; i < made.Length; i++) Assert.Equal(original[i], made[i], 5e-5 * Math.Abs(original[i]) + 1e-7);

        static float[] Pairs(string path)
        {
            using var file = H5File.OpenRead(path);
            return file.Dataset("11111").Read<float[]>();
        }
    }

    /// <summary>Chains with a seed, the truth kept beside the samples, and all that ours adds.</summary>
    [Fact]
    public async Task The_same_command_gives_the_same_files_and_tells_programs_so()
    {
        File.Copy(OriginalFiles.Given("slcp-test.h5"), At("observed.h5"));
        foreach (var name in (string[])["a", "b"])
        {
            var (code, output, error) = await RunAsync(
                _folder, $"eval {OriginalFiles.Given("slcp-amnre.pth")} observed.h5 -masks 00110 11111 -bs 64 -steps 40 -burn 20 -bins " +
                    $"10 -mcmc-limit 1000 -accuracy --emd exact --json --threads 1 -o {name}.csv", Stop);
            Assert.Equal((0, ""), (code, error));
            using var result = JsonDocument.Parse(output);
            Assert.Equal(2, result.RootElement.GetProperty("marginals").GetInt32());
            Assert.Equal(At($"{name}.csv"), result.RootElement.GetProperty("outputs")[0].GetString());
        }

        foreach (var suffix in (string[])[".csv", "_sampling.csv", "_0_11111.pth"]) Same($"a{suffix}", $"b{suffix}");
        Assert.StartsWith("index,mask,total_probability,entropy,entropy_truth,kl_truth,emd_truth\n0,00110,",
            await File.ReadAllTextAsync(At("a.csv"), Stop), StringComparison.Ordinal);
        Assert.StartsWith("observed_0_bins10_chains64_steps40_", new FileInfo(At("observed_0.pth")).LinkTarget, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Draws_coverage_and_diagnostics_are_tables()
    {
        var network = OriginalFiles.Given("slcp-mnpe.pth");
        var line = $"eval {network} {OriginalFiles.Given("slcp-test.h5")} -masks 00100 00110 -indices 5 25 -bins 16 -clean --coverage " +
            "--diagnostics --draws 19 -bs 64 -burn 0 -steps 8";
        Assert.Equal(0, (await RunAsync(_folder, $"{line} -o a.csv", Stop)).Code);
        Assert.Equal(0, (await RunAsync(_folder, $"{line} --draws-output drawn.csv -o b.csv", Stop)).Code);

        var drawn = (await File.ReadAllLinesAsync(At("drawn.csv"), Stop)).Select(row => row.Split(',')).ToList();
        Assert.Equal(["index", "mask", "draw", "θ₁", "θ₂", "θ₃", "θ₄", "θ₅"], drawn[0]);
        Assert.Equal(1 + 20 * 2 * 19, drawn.Count);
        var (dimensions, first, index) = Drawn("00110");
        Assert.Equal([20, 19, 2], dimensions);
        Assert.Equal([first[0], first[1]],
            drawn.First(row => row[1] == "00110")[5..7].Select(text => (float)OriginalFiles.Number(text)!.Value));
        Assert.All(first, value => Assert.InRange(value, -3, 3));
        Assert.Equal(5, index[0]);

        Assert.Equal(1 + 2 * 21, Lines("coverage").Length);
        Assert.Equal("00100,1,1,20,θ₃", Lines("coverage")[21]);
        Assert.Equal(1 + 20 * 3, Lines("ranks").Length);
        Assert.Equal(1 + 20 * 2, Lines("tarp").Length);
        Assert.Equal(["rank_excess", "tarp_deviation", "rank_excess", "rank_excess", "tarp_deviation"],
            Lines("diagnostics").Skip(1).Select(row => row.Split(',')[2]));

        string[] Lines(string name) => File.ReadAllLines(At($"a_{name}.csv"));

        (ulong[] Dimensions, float[] Draws, long[] Index) Drawn(string mask)
        {
            using var file = H5File.OpenRead(At("a_draws.h5"));
            return (file.Dataset(mask).Space.Dimensions, file.Dataset(mask).Read<float[]>(), file.Dataset("index").Read<long[]>());
        }
    }

    [Fact]
    public async Task Draws_are_compared_with_a_reference_and_what_they_predict_is_simulated()
    {
        var line = $"eval {OriginalFiles.Given("slcp-amnre.pth")} {OriginalFiles.Given("slcp-test.h5")} -masks 00100 11111 -indices 3 5 " +
            "-bins 8 -clean -bs 64 -burn 8 -steps 16 --draws 60";
        Assert.Equal(0, (await RunAsync(_folder, $"{line} --seed 1 -o known.csv", Stop)).Code);
        var (code, output, error) = await RunAsync(_folder, $"{line} --seed 2 --predictive --reference known_draws.h5 -o a.csv", Stop);
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("a_c2st.csv", output, StringComparison.Ordinal);

        var compared = (await File.ReadAllLinesAsync(At("a_c2st.csv"), Stop)).Select(row => row.Split(',')).ToList();
        Assert.Equal(["index", "mask", "draws", "c2st", "parameters"], compared[0]);
        Assert.Equal(["3,00100,60", "3,11111,60", "4,00100,60", "4,11111,60"], compared.Skip(1).Select(row => string.Join(',', row[..3])));
        Assert.All(compared.Skip(1), row => Assert.InRange(OriginalFiles.Number(row[3])!.Value, 0.2, 0.8));

        var (theta, x, shape) = Drawn();
        Assert.Equal([2, 60, 4, 2], shape);
        Assert.Equal(Values(OriginalFiles.Given("slcp-test.h5"), "x")[(3 * 8)..(5 * 8)], Values(At("a_draws.h5"), "observed"));
        var slcp = (IConditionalSimulator)SimulatorCatalog.Find("SLCP");
        var expected = new float[60 * 8];
        slcp.Observe(2, 4 * 60, theta.AsSpan(60 * 5), expected);
        Assert.Equal(expected, x[(60 * 8)..]);

        var (refused, _, reason) = await RunAsync(_folder,
            line.Replace("-indices 3 5", "-indices 4 6", StringComparison.Ordinal) + " --reference known_draws.h5 -o b.csv", Stop);
        Assert.Equal(2, refused);
        Assert.Contains("'known_draws.h5' lack observation row 5", reason, StringComparison.Ordinal);

        static float[] Values(string path, string name)
        {
            using var file = H5File.OpenRead(path);
            return file.Dataset(name).Read<float[]>();
        }

        (float[] Theta, float[] X, ulong[] Shape) Drawn()
        {
            using var file = H5File.OpenRead(At("a_draws.h5"));
            return (file.Dataset("11111").Read<float[]>(), file.Dataset("predictive").Read<float[]>(),
                file.Dataset("predictive").Space.Dimensions);
        }
    }

    [Theory]
    [InlineData("there is no model 'gone.pth'", "gone.pth", "")]
    [InlineData("'-masks' needs", "", "-masks -bins 3")]
    [InlineData("'=9'", "", "-masks =9")]
    [InlineData("is not a mask of 5 parameters", "", "-filter 1x")]
    [InlineData("does not end in .csv", "", "-o out.txt")]
    [InlineData("over a file that it reads", "", "-o GIVEN/slcp-amnre.csv -kl")]
    [InlineData("observation rows end at 5000", "", "-indices 4000 5000")]
    [InlineData("'-indices' needs 2 values", "", "-indices 4")]
    [InlineData("rows 3 to 1 run backwards", "", "-indices 3 1")]
    [InlineData("there is nothing to do", "", "-indices 0 0")]
    [InlineData("leave nothing after a burn-in of 8192", "", "-steps 100")]
    [InlineData("'earth' of option '--emd' is unknown", "", "--emd earth")]
    [InlineData("'tpu' is unknown", "", "--device tpu")]
    [InlineData("did you mean '-calibration'", "", "-calibraton")]
    [InlineData("give draws too", "", "--predictive")]
    [InlineData("together, in .h5", "", "--predictive --draws 60 --draws-output a.csv")]
    [InlineData("give draws too", "", "--reference GIVEN/slcp-test.h5")]
    [InlineData("'gone.h5': there is no such file", "", "--draws 60 --reference gone.h5")]
    [InlineData("ask for mask 11111", "", "-masks 00100 -bins 4 -clean -bs 16 -steps 8 -burn 0 --draws 60 --predictive")]
    [InlineData("at least 10 rows", "", "-masks 00100 -clean --diagnostics -bins 4 -steps 2 -burn 1")]
    public async Task Bad_input_is_named_and_nothing_is_written(string wanted, string network, string options)
    {
        var given = Path.GetDirectoryName(OriginalFiles.Given("x"))!;
        if (network.Length == 0) network = OriginalFiles.Given("slcp-amnre.pth");
        var line = $"eval {network} {OriginalFiles.Given("slcp-test.h5")} {options.Replace("GIVEN", given, StringComparison.Ordinal)}";
        var (code, _, error) = await RunAsync(_folder, line.TrimEnd(), Stop);

        Assert.Equal(2, code);
        Assert.Contains(wanted, error, StringComparison.Ordinal);
        Assert.False(File.Exists(At("products/results/out.csv")));
    }

    [Fact]
    public async Task Options_that_say_nothing_here_are_named_and_the_rest_is_done()
    {
        var error = await Eval("hh-amnre", "hh-test", "-masks 10000000 -bins 8 -clean -accuracy -groupby 16");
        Assert.Contains("the true posterior of HH is not known: --accuracy says nothing", error, StringComparison.Ordinal);
        error = await Eval("slcp-mnre", "slcp-test", "-masks 00100 11100 -bins 8 -clean -kl");
        Assert.Single(error.TrimEnd().Split('\n'));
        Assert.Contains("was not trained for mask 11100: skipped", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ctrl_C_keeps_the_older_table_and_says_how_to_go_on()
    {
        await File.WriteAllTextAsync(At("out.csv"), "older", Stop);
        using var process = CommandProcess.Start(
            _folder, "eval", OriginalFiles.Given("slcp-amnre.pth"), OriginalFiles.Given("slcp-test.h5"), "-masks", "11111", "-indices", "0",
            "4000", "-clean", "-o", "out.csv");
        var waited = Stopwatch.GetTimestamp();
        while (!process.LoadedFiles().Any(file => file.Contains("torch_cpu", StringComparison.Ordinal))
            && Stopwatch.GetElapsedTime(waited) < TimeSpan.FromMinutes(5))
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Stop);
        process.Interrupt();
        var (code, output, error) = await process.EndAsync(Stop);

        Assert.Equal((130, ""), (code, output));
        Assert.Contains("'out.csv' is the older one still", error, StringComparison.Ordinal);
        Assert.Contains("--indices", error, StringComparison.Ordinal);
        Assert.Equal("older", await File.ReadAllTextAsync(At("out.csv"), Stop));
        Assert.Equal(At("out.csv"), Assert.Single(Directory.GetFiles(_folder)));
    }

    private string At(string name) => Path.Combine(_folder, name);

    private void Same(string one, string other) => Assert.Equal(File.ReadAllBytes(At(one)), File.ReadAllBytes(At(other)));

    /// <summary>Evaluates into <c>out.*</c>.</summary>
    /// <returns>What was said on standard error.</returns>
    private async Task<string> Eval(string model, string samples, string options)
    {
        var (code, _, error) = await RunAsync(_folder,
            $"eval {OriginalFiles.Given($"{model}.pth")} {OriginalFiles.Given($"{samples}.h5")} {options} -o out.csv", Stop);
        Assert.True(code == 0, error);
        return error;
    }

    [Fact]
    public async Task A_model_of_the_original_is_used_with_one_warning()
    {
        File.Copy(OriginalFiles.Given("slcp-test.h5"), At("observed.h5"));
        var (code, _, error) = await CommandProcess.RunAsync(_folder,
            $"eval {OriginalFiles.Given("slcp-amnre.pth")} observed.h5 -masks 00110 -bins 10 -clean --draws 4 -burn 2 -o a.csv", Stop);

        Assert.Equal(0, code);
        Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            line => line.Contains("whether 'observed.h5' fits cannot be checked", StringComparison.Ordinal));
    }

    /// <summary>Without the warning that the original's models, which most of these tests use, say nothing of their training
    /// data.</summary>
    private static async Task<(int Code, string Output, string Error)> RunAsync(string folder, string line, CancellationToken stop)
    {
        var (code, output, error) = await CommandProcess.RunAsync(folder, line, stop);
        return (code, output,
            string.Join('\n', error.Split('\n').Where(one => !one.Contains("cannot be checked", StringComparison.Ordinal))));
    }
}
