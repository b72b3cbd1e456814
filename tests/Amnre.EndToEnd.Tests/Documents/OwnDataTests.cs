using System.Text.Json.Nodes;

namespace Amnre.EndToEnd.Tests.Documents;

public sealed class OwnDataTests
{
    /// <summary>docs/your-own-data.md from top to bottom: its files written, its commands run, in the order of the page.</summary>
    [Fact]
    public async Task The_page_on_own_data_does_what_it_says()
    {
        var stop = TestContext.Current.CancellationToken;
        using var study = new Study("");
        var (blocks, printed) = await DocumentPage.DoAsync("your-own-data.md", study.Folder, _ => true);

        Assert.Equal(9, blocks);
        Assert.Contains("Nothing speaks against it.", printed, StringComparison.Ordinal);
        Assert.Contains("sir.pth, by 512 rows of test.h5", printed, StringComparison.Ordinal);
        Assert.Contains("information of pairs", printed, StringComparison.Ordinal);
        Assert.Contains("unlike all simulations", printed, StringComparison.Ordinal);
        foreach (var ending in (string[])["h5", "json", "png", "pdf", "svg"])
            Assert.True(File.Exists(Path.Combine(study.Folder, $"counts_posterior.{ending}")), ending);

        Assert.Contains("epidemic succeeded: 8 jobs run", printed, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(study.Folder, "store", "epidemic", "figures", "city.png")));

        // The prior's deviation of beta is 0.40: the counts say much.
        var beta = Posterior("counts_posterior.json")[0]!;
        Assert.Equal("beta", beta["name"]!.GetValue<string>());
        Assert.InRange(beta["deviation"]!.GetValue<double>(), 0.005, 0.15);
        Assert.InRange(beta["information_nats"]!.GetValue<double>(), 0.8, 6);
        Assert.Equal(["beta", "reported"], Posterior("gamma-known.json").Select(one => one!["name"]!.GetValue<string>()));
        Assert.Equal("observation,draw,beta,gamma", (await File.ReadAllLinesAsync(Path.Combine(study.Folder, "pair.csv"), stop))[0]);

        JsonArray Posterior(string name) =>
            JsonNode.Parse(File.ReadAllText(Path.Combine(study.Folder, name)))!["posteriors"]![0]!["parameters"]!.AsArray();
    }
}
