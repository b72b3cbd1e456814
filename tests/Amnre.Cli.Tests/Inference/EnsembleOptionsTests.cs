using System.Text.Json.Nodes;
using Amnre.Cli.Tests.Original;

namespace Amnre.Cli.Tests.Inference;

/// <summary>Models of the original as one posterior, by the real commands.</summary>
public sealed class EnsembleOptionsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("amnre-test-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("infer MODEL obs.csv --combine mixture", "--combine 'mixture' has no effect on one model")]
    [InlineData("infer MODEL obs.csv --ensemble OTHER --combine median", "--combine 'median' is unknown: give one of mean, mixture")]
    [InlineData("infer MODEL obs.csv --ensemble MODEL", "is named twice")]
    [InlineData("infer MODEL obs.csv --ensemble none.pth", "there is no model 'none.pth'")]
    [InlineData("infer MODEL obs.csv --ensemble HH", "was trained for simulator HH")]
    [InlineData("eval MODEL test.h5 --combine mean", "--combine 'mean' has no effect on one model")]
    [InlineData("eval MODEL test.h5 --ensemble HH", "was trained for simulator HH")]
    [InlineData("verdict MODEL test.h5 --combine mean", "--combine 'mean' has no effect on one model")]
    [InlineData("verdict MODEL test.h5 --ensemble OTHER", "--combine to judge the models as one")]
    public async Task What_cannot_be_meant_is_exit_code_2(string command, string says)
    {
        await File.WriteAllTextAsync(At("obs.csv"), "1,2,1,2,1,2,1,2\n", Stop);
        await CommandProcess.RunAsync(_folder, "sample --simulator SLCP --samples 64 --seed 1 -o test.h5", Stop);

        var refused = await CommandProcess.RunAsync(_folder, command.Replace("MODEL", OriginalFiles.Given("slcp-amnre.pth"),
            StringComparison.Ordinal).Replace("OTHER", OriginalFiles.Given("slcp-amnre-pm.pth"), StringComparison.Ordinal)
            .Replace("HH", OriginalFiles.Given("hh-amnre.pth"), StringComparison.Ordinal), Stop);

        Assert.Equal(2, refused.Code);
        Assert.Contains(says, refused.Error, StringComparison.Ordinal);
        Assert.Equal(["obs.csv", "test.h5"], Directory.EnumerateFiles(_folder).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task A_verdict_judges_the_models_as_one_and_tells_how_they_were_combined()
    {
        await File.WriteAllTextAsync(At("obs.csv"), "1,2,1,2,1,2,1,2\n", Stop);
        await CommandProcess.RunAsync(_folder, "sample --simulator SLCP --samples 64 --seed 1 -o test.h5", Stop);
        var (model, other) = (OriginalFiles.Given("slcp-amnre.pth"), OriginalFiles.Given("slcp-amnre-pm.pth"));

        var alone = await CommandProcess.RunAsync(
            _folder, $"verdict {model} test.h5 --rows 64 --observation obs.csv --ensemble {other} -o alone.json --json", Stop);
        var together = await CommandProcess.RunAsync(
            _folder, $"verdict {model} test.h5 --rows 64 --observation obs.csv --ensemble {other} --combine mean -o all.json --json", Stop);

        Assert.Equal((0, 0), (alone.Code, together.Code));
        var (one, all) = (JsonNode.Parse(alone.Output)!, JsonNode.Parse(together.Output)!);
        Assert.False(one.AsObject().ContainsKey("combine"));
        Assert.Equal("mean", all["combine"]!.GetValue<string>());
        Assert.NotEqual(one["checks"]!.ToJsonString(), all["checks"]!.ToJsonString());
        // The members are compared with one another in both.
        Assert.Equal(Spread(one), Spread(all));

        static string Spread(JsonNode report) => report["observations"]![0]!["checks"]!.AsArray()
            .Single(check => check!["check"]!.GetValue<string>() == "ensemble")!.ToJsonString();
    }

    private string At(string name) => Path.Combine(_folder, name);
}
