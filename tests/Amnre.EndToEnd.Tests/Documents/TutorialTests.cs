using System.Text.RegularExpressions;
using Amnre.Testing;

namespace Amnre.EndToEnd.Tests.Documents;

public sealed partial class TutorialTests
{
    /// <summary>docs/tutorial-own-experiment.md from top to bottom: its files written, its commands run, in the order of the
    /// page.</summary>
    [Fact]
    public async Task The_tutorial_does_what_it_says()
    {
        var page = Block()
            .Matches(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "tutorial-own-experiment.md"),
                TestContext.Current.CancellationToken));
        using var study = new Study("");
        var shell = new DocumentShell(study.Folder);
        foreach (Match block in page)
        {
            var text = block.Groups[2].Value;
            if (block.Groups[1].Value == "yaml")
            {
                await File.WriteAllTextAsync(Path.Combine(study.Folder, text.Split('\n')[0].TrimStart('#', ' ')), text,
                    TestContext.Current.CancellationToken);
                continue;
            }

            var printed = await shell.RunAsync(text);
            if (text.StartsWith("amnre run judged.yaml", StringComparison.Ordinal))
                foreach (var file in (string[])["amnre-lr_1e-3_judged_coverage.csv", "amnre-lr_1e-3_judged_ranks.csv",
                    "amnre-lr_1e-3_drawn_draws.h5", "coverage.png", "ranks.svg", "predictive.pdf", "slice.png"])
                    Assert.Contains(file, printed, StringComparison.Ordinal);
            if (text.StartsWith("amnre export", StringComparison.Ordinal)) Assert.Contains("lr", printed, StringComparison.Ordinal);
        }

        Assert.Equal(9, page.Count);
        Assert.Contains("given θ₁ = 0.5", await File.ReadAllTextAsync(Path.Combine(study.Folder, "store", "own", "figures", "slice.svg"),
            TestContext.Current.CancellationToken), StringComparison.Ordinal);
        // As the page says of the datasets and of the default's training.
        Assert.Single(Directory.GetFiles(Path.Combine(study.Folder, "store", "artifacts"), "model.json", SearchOption.AllDirectories),
            file => File.ReadAllText(file).Contains("\"lr\": 0.0003", StringComparison.Ordinal));
        Assert.Equal(2,
            Directory.GetFiles(Path.Combine(study.Folder, "store", "artifacts"), "model.json", SearchOption.AllDirectories).Length);
    }

    [GeneratedRegex("^```(yaml|bash)\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
