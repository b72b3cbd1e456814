using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Amnre.EndToEnd.Tests;

public sealed partial class TutorialTests
{
    /// <summary>docs/tutorial-own-experiment.md from top to bottom: its files written, its commands run, in the order of the page.</summary>
    [Fact]
    public async Task The_tutorial_does_what_it_says()
    {
        var page = Block().Matches(await File.ReadAllTextAsync(Page(), TestContext.Current.CancellationToken));
        using var study = new Study("");
        foreach (Match block in page)
        {
            var text = block.Groups[2].Value;
            if (block.Groups[1].Value == "yaml")
            {
                await File.WriteAllTextAsync(Path.Combine(study.Folder, text.Split('\n')[0].TrimStart('#', ' ')), text, TestContext.Current.CancellationToken);
                continue;
            }

            var (code, printed) = await ShellAsync(study.Folder, text);
            Assert.True(code == 0, $"{text}\n{printed}");
            if (text.StartsWith("amnre export", StringComparison.Ordinal)) Assert.Contains("lr", printed, StringComparison.Ordinal);
        }

        Assert.Equal(7, page.Count);
        // As the page says of the datasets and of the default's training.
        Assert.Single(Directory.GetFiles(Path.Combine(study.Folder, "store", "artifacts"), "model.json", SearchOption.AllDirectories), file => File.ReadAllText(file).Contains("\"lr\": 0.0003", StringComparison.Ordinal));
        Assert.Equal(2, Directory.GetFiles(Path.Combine(study.Folder, "store", "artifacts"), "model.json", SearchOption.AllDirectories).Length);
    }

    private static async Task<(int Code, string Printed)> ShellAsync(string folder, string commands)
    {
        var info = new ProcessStartInfo("bash", ["-ec", commands]) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        info.Environment["PATH"] = $"{Path.GetDirectoryName(AmnreProcess.Program)}:{info.Environment["PATH"]}";
        info.Environment.Remove("AMNRE_POSTGRES");
        using var process = Process.Start(info)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await error);
    }

    private static string Page()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Amnre.sln"))) return Path.Combine(folder.FullName, "docs", "tutorial-own-experiment.md");
        throw new InvalidOperationException("Amnre.sln was not found above the tests");
    }

    [GeneratedRegex("^```(yaml|bash)\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
