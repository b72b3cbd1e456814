namespace Amnre.Cli.Tests.Inference;

/// <summary>The real command on the benchmark's observations.</summary>
public sealed class TruthVerbTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("amnre-test-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Reference_draws_are_of_all_rows_and_masks_asked_for()
    {
        Assert.Equal(0, (await CommandProcess.RunAsync(_folder, "sample -simulator sbibm-gaussian-mixture -events -o gm.h5", Stop)).Code);
        var (code, output, error) = await CommandProcess.RunAsync(
            _folder, "truth sbibm-gaussian-mixture gm.h5 --indices 2 5 --draws 500 --masks 11 =1 -o out/truth.csv", Stop);
        Assert.True(code == 0, error);
        Assert.Contains("500 draws of 3 true posteriors of sbibm-gaussian-mixture", output, StringComparison.Ordinal);

        var cells = (await File.ReadAllLinesAsync(Path.Combine(_folder, "out/truth.csv"), Stop)).Select(line => line.Split(',')).ToList();
        Assert.Equal(["index", "mask", "draw", "θ₁", "θ₂"], cells[0]);
        foreach (var row in (string[])["2", "3", "4"])
        {
            var joint = cells.Where(cell => cell[0] == row && cell[1] == "11").Select(cell => cell[4]).ToList();
            Assert.Equal(500, joint.Count);
            // Masks are parts of the same draws.
            Assert.Equal(joint, cells.Where(cell => cell[0] == row && cell[1] == "01").Select(cell => cell[4]));
        }

        Assert.Equal(1 + 3 * 3 * 500, cells.Count);
        var quality = await File.ReadAllLinesAsync(Path.Combine(_folder, "out/truth_quality.csv"), Stop);
        Assert.Equal(4, quality.Length);
        Assert.StartsWith("index,draws,split_rhat,effective_draws,log_evidence", quality[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("truth HH gm.h5", "likelihood of HH is not known")]
    [InlineData("truth SLCP nowhere.h5", "nowhere.h5")]
    [InlineData("truth SLCP a.h5 --indices 5 5", "hold no rows")]
    [InlineData("truth SLCP a.h5 --draws 0", "--draws 0 are none")]
    [InlineData("truth SLCP a.h5 --masks 111", "'111' has 3 characters")]
    [InlineData("truth SLCP a.h5 -o a.h5", "over the observations")]
    [InlineData("truth SLCP a.h5 -o a.txt", "does not end in .h5 or .csv")]
    public async Task What_cannot_be_asked_for_is_refused(string line, string told)
    {
        var (code, _, error) = await CommandProcess.RunAsync(_folder, line, Stop);
        Assert.Equal(2, code);
        Assert.Contains(told, error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder));
    }
}
