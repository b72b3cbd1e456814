using System.Diagnostics;
using Amnre.Cli.Spelling;

namespace Amnre.Cli.Tests.Spelling;

/// <summary>What is offered next, asked of the command and by the scripts in the shells themselves.</summary>
public sealed class CompletionTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("amnre-completion-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("amnre st", "status store")]
    [InlineData("amnre gw ", "basis prepare")]
    [InlineData("amnre sample --sim", "--simulator")]
    [InlineData("amnre sample -sim", "-simulator")]
    [InlineData("amnre train -th", "-threads -threshold")]
    [InlineData("amnre sample -simulator ", "GW HH MLCP SLCP " +
        "sbibm-bernoulli-glm sbibm-bernoulli-glm-raw sbibm-gaussian-linear sbibm-gaussian-linear-uniform sbibm-gaussian-mixture " +
        "sbibm-lotka-volterra sbibm-sir sbibm-slcp sbibm-slcp-distractors sbibm-two-moons")]
    [InlineData("amnre sample --simulator S", "SLCP")]
    [InlineData("amnre plot co", "consistency corner coverage")]
    [InlineData("amnre completion f", "fish")]
    [InlineData("amnre run ", "")]
    [InlineData("amnre nosuch -", "--version")]
    public void What_begins_so_is_offered_and_nothing_else(string line, string expected)
    {
        var offered = Suggestions.Of(AmnreCommand.Root(), line, line.Length);

        Assert.Equal(expected, string.Join(' ', offered.Where(word => word is not ("--help" or "-help")).Order(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task Bash_completes() => Assert.Equal("status|-simulator|basis prepare||", await AskAsync("bash", "--norc",
        "source complete.sh; for line in 'amnre sta' 'amnre sample -sim' 'amnre gw ' 'amnre run '; do COMP_LINE=$line " +
            "COMP_POINT=${#line} COMPREPLY=(); _amnre; IFS=' '; printf '%s|' \"${COMPREPLY[*]}\"; done; complete -p amnre >/dev/null"));

    [Fact]
    public async Task Zsh_completes() => Assert.Equal("status|-simulator|basis prepare|", (await AskAsync("zsh", "-f",
        "compdef() {}; _files() {}; compadd() { shift; print -rn -- \"$*|\" }; source complete.sh; words=(amnre sta) CURRENT=2; _amnre; " +
            "words=(amnre sample -sim) CURRENT=3; _amnre; words=(amnre gw '') CURRENT=3; _amnre")));

    [Fact]
    public async Task Fish_completes() => Assert.Equal("status\n--simulator", (await AskAsync("fish", "--no-config",
        "source complete.sh; complete -C 'amnre stat'; complete -C 'amnre sample --sim'")).Trim());

    private async Task<string> AskAsync(string shell, string plain, string script)
    {
        if (!Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, shell))))
            Assert.Skip($"{shell} is not installed");
        using (var command = CommandProcess.Start(_folder, "completion", shell))
            await File.WriteAllTextAsync(Path.Combine(_folder, "complete.sh"), (await command.EndAsync(Stop)).Output, Stop);
        var info = new ProcessStartInfo(shell, [plain, "-c", script])
        {
            WorkingDirectory = _folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        info.Environment["PATH"] = $"{Path.GetDirectoryName(CommandProcess.Program())}:{info.Environment["PATH"]}";
        info.Environment["HOME"] = _folder;
        using var process = Process.Start(info)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(Stop), process.StandardError.ReadToEndAsync(Stop));
        await process.WaitForExitAsync(Stop);
        Assert.Equal("", await error);
        return await output;
    }
}
