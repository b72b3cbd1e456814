using System.Diagnostics;
using System.Text.RegularExpressions;
using Amnre.Testing;

namespace Amnre.Cli.Tests.Documents;

/// <summary>The commands of docs/datasets.md and docs/from-the-original.md, in the order of the pages, with fewer rows and steps.</summary>
public sealed partial class OriginalCommandsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("amnre-documents-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Datasets_are_drawn_and_checked_as_their_page_says()
    {
        var page = CommandBlock.Of("docs/datasets.md");
        Assert.Equal(2, page.Count);
        foreach (var block in page)
            await RunAsync("bash", "-ec",
                block.Script.Replace("1048576", "2048", StringComparison.Ordinal)
                    .Replace("-moments", "-moments -dump 256", StringComparison.Ordinal));

        Assert.Equal(["hh-event.h5", "hh-train.h5", "slcp-train.h5", "train/0.h5", "train/1.h5"], Files("*.h5"));
        if (File.Exists("/usr/bin/python3") && await SucceedsAsync("/usr/bin/python3", "-c", "import h5py"))
            await RunAsync("/usr/bin/python3", "-c",
                Python().Match(
                    await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "datasets.md"),
                        TestContext.Current.CancellationToken)).Groups[1].Value);
    }

    [Fact]
    public async Task The_commands_of_the_original_go_from_samples_to_figures()
    {
        var page = CommandBlock.Of("docs/from-the-original.md");
        Assert.Equal(4, page.Count);
        // The original's own model stands where the page has it.
        Directory.CreateDirectory(Path.Combine(_folder, "models"));
        foreach (var ending in (string[])["pth", "json", "csv"])
            File.Copy(Path.Combine(AppContext.BaseDirectory, "Golden", "fixtures", $"slcp-mnre.{ending}"),
                Path.Combine(_folder, "models", $"slcp-mnre.{ending}"));
        foreach (var block in page)
            await RunAsync("bash", "-ec",
                block.Script.Replace("1048576", "2048", StringComparison.Ordinal).Replace("16384", "64", StringComparison.Ordinal)
                .Replace("-indices 0 64", "-indices 0 2 -bins 16", StringComparison.Ordinal)
                .Replace("\"num_layers\": 7, \"hidden_size\": 256", "\"num_layers\": 2, \"hidden_size\": 32", StringComparison.Ordinal)
                .Replace("amnre train", "amnre train -epochs 1 -descents 4 -bs 64", StringComparison.Ordinal));

        Assert.Equal(["plots/slcp-amnre_cons.pdf", "plots/slcp-mnre_loss.pdf"], Files("*.pdf"));
        Assert.Equal(["plots/slcp-amnre_coverage.png", "plots/slcp-amnre_given_01111.png",
            "plots/slcp-amnre_information.png", "plots/slcp-amnre_predictive.png",
            "plots/slcp-amnre_ranks.png"], Files("*.png").Order(StringComparer.Ordinal));
        Assert.Contains("models/slcp-mnre-adv.pth", Files("*.pth"));
        // To the other format and back, nothing is lost.
        Assert.Equal(
            Engine.Checkpoints.StateFile.Read(Path.Combine(_folder, "models", "slcp-amnre.pth"))
                .Select(one => (one.Key, Convert.ToHexString(one.Value.Bytes))),
            Engine.Checkpoints.StateFile.Read(Path.Combine(_folder, "models", "again.pth"))
                .Select(one => (one.Key, Convert.ToHexString(one.Value.Bytes))));
    }

    private IEnumerable<string> Files(string pattern) =>
        Directory.EnumerateFiles(_folder, pattern, SearchOption.AllDirectories).Select(file => Path.GetRelativePath(_folder, file))
        .Order(StringComparer.Ordinal);

    private async Task RunAsync(string program, params string[] arguments)
    {
        var (code, printed) = await StartAsync(program, arguments);
        Assert.True(code == 0, $"{string.Join(' ', arguments)}\n{printed}");
    }

    private async Task<bool> SucceedsAsync(string program, params string[] arguments) => (await StartAsync(program, arguments)).Code == 0;

    private async Task<(int Code, string Printed)> StartAsync(string program, string[] arguments)
    {
        var stop = TestContext.Current.CancellationToken;
        var info = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = _folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        info.Environment["PATH"] = $"{Path.GetDirectoryName(CommandProcess.Program())}:{info.Environment["PATH"]}";
        using var process = Process.Start(info)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(stop), process.StandardError.ReadToEndAsync(stop));
        await process.WaitForExitAsync(stop);
        return (process.ExitCode, await output + await error);
    }

    [GeneratedRegex("^```python\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Python();
}
