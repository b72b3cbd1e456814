using System.Text.Json;

namespace Amnre.Cli.Tests.Original;

/// <summary>The real command on the original's results.</summary>
public sealed class PlotVerbTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("amnre-test-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_ending_says_the_format_and_none_says_all()
    {
        var (code, output, error) = await CommandProcess.RunAsync(_folder,
            $"plot loss {OriginalFiles.Given("slcp-amnre.csv")} {OriginalFiles.Given("slcp-amnre-pm.csv")} -o figures/loss --json", Stop);

        Assert.Equal((0, ""), (code, error));
        using var result = JsonDocument.Parse(output);
        Assert.Equal([At("figures/loss.png"), At("figures/loss.pdf"), At("figures/loss.svg")],
            result.RootElement.GetProperty("outputs").EnumerateArray().Select(path => path.GetString()));
        Assert.StartsWith("%PDF", await File.ReadAllTextAsync(At("figures/loss.pdf"), Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_description_may_stand_in_the_command_itself()
    {
        File.Copy(OriginalFiles.Result("slcp-amnre_cons.csv"), At("a.csv"));
        File.Copy(OriginalFiles.Result("slcp-mnre_cons.csv"), At("m.csv"));
        using var process = CommandProcess.Start(_folder, "plots", "err", """{"AMNRE": "a.csv", "MNRE": ["m*.csv"], "none": "gone.csv"}""",
            "-sim", "SLCP", "-o", "out.svg");
        Assert.Contains("type 'err' is not known", (await process.EndAsync(Stop)).Error, StringComparison.Ordinal);

        using var again = CommandProcess.Start(_folder, "plots", "error", """{"AMNRE": "a.csv", "MNRE": ["m*.csv"], "none": "gone.csv"}""",
            "-sim", "SLCP", "-o", "out.svg");
        var (code, output, error) = await again.EndAsync(Stop);
        Assert.Equal(0, code);
        Assert.Contains("no file matches gone.csv: left out", error, StringComparison.Ordinal);
        Assert.StartsWith("out_probability.svg, out_entropy.svg, out_distance.svg, out_divergence.svg, in ", output,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("names no simulator in its path", "calibration x.csv")]
    [InlineData("there is no such file", "calibration slcp-gone.csv")]
    [InlineData("pictures end in", "loss slcp.csv -o a.gif")]
    [InlineData("Required argument 'input' missing", "loss")]
    [InlineData("is not a readable description", "corner slcp-gone.json")]
    [InlineData("simulator 'XY' is not known", "loss a.csv -simulator XY")]
    public async Task Bad_input_is_named(string wanted, string line)
    {
        var (code, _, error) = await CommandProcess.RunAsync(_folder, $"plot {line}", Stop);

        Assert.Equal(2, code);
        Assert.Contains(wanted, error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    private string At(string name) => Path.Combine(_folder, name);
}
