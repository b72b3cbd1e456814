using Amnre.Testing;

namespace Amnre.EndToEnd.Tests.Documents;

/// <summary>The first command of README.md, by the script of the repository, on its own study with less to compute.</summary>
public sealed class ReadmeTests
{
    private static readonly (string Written, string Here)[] Smaller =
    [
        ("rows: 131072", "rows: 8192"), ("rows: 16384", "rows: 512"), ("hidden_size: 128", "hidden_size: 32"), ("epochs: 16", "epochs: 2"),
        ("descents: 512", "descents: 8"), ("bs: 256", "bs: 64"),
        ("indices: [0, 8]", "indices: [0, 2]"), ("indices: [0, 128]", "indices: [0, 4]"), ("bs: 1024", "bs: 128"),
        ("steps: 192", "steps: 48"), ("burn: 64", "burn: 16"),
        ("bs: 512", "bs: 64"), ("bins: 64", "bins: 24"),
    ];

    [Fact]
    public async Task The_first_command_goes_from_simulations_to_figures()
    {
        var stop = TestContext.Current.CancellationToken;
        using var study = new Study("");
        Clone(study.Folder);
        var experiment = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "experiments", "quickstart.yaml"), stop);
        foreach (var (written, here) in Smaller)
        {
            Assert.Contains(written, experiment, StringComparison.Ordinal);
            experiment = experiment.Replace(written, here, StringComparison.Ordinal);
        }

        Directory.CreateDirectory(Path.Combine(study.Folder, "experiments"));
        await File.WriteAllTextAsync(Path.Combine(study.Folder, "experiments", "quickstart.yaml"), experiment, stop);

        var printed = await new DocumentShell(study.Folder).RunAsync(Assert.Single(CommandBlock.Of("README.md")).Script);

        Assert.DoesNotContain("building", printed, StringComparison.Ordinal);
        Assert.Contains("dashboard: http://127.0.0.1:", printed, StringComparison.Ordinal);
        Assert.Contains("quickstart succeeded: 21 jobs run", printed, StringComparison.Ordinal);
        var figures = printed.Split('\n').Where(line => line.StartsWith("figure ", StringComparison.Ordinal))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]).ToList();
        Assert.Equal(4, figures.Count);
        Assert.All(figures, figure => Assert.True(File.ReadAllBytes(figure).Length > 1000, figure));
    }

    /// <summary>What the script needs of a clone that was built a moment ago.</summary>
    private static void Clone(string folder)
    {
        File.Copy(Path.Combine(Repository.Root, "amnre"), Path.Combine(folder, "amnre"));
        foreach (var one in (string[])["src", "eng", "global.json", "Directory.Build.props"])
            File.CreateSymbolicLink(Path.Combine(folder, one), Path.Combine(Repository.Root, one));
        var program = Directory.CreateDirectory(Path.Combine(folder, "artifacts", "bin", "Amnre.Cli")).FullName;
        File.CreateSymbolicLink(Path.Combine(program, "release"), Path.GetDirectoryName(AmnreProcess.Program)!);
        File.WriteAllText(Path.Combine(folder, "artifacts", "amnre.stamp"), "");
    }
}
