using Amnre.Engine;
using Amnre.Engine.CornerPlots;
using Amnre.Experiments.Fields;
using Amnre.Experiments.Reading;

namespace Amnre.Fuzz.Tests;

/// <summary>A path that somebody wrote may be that of a device, which never ends, or of a pipe, which nobody writes.</summary>
public sealed class SpecialFileTests : IDisposable
{
    /// <summary>Far more than any refusal takes.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly string _folder = Directory.CreateTempSubdirectory("amnre-special-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<string> Names() =>
        [.. FuzzTests.Targets.Where(target => target.Read is not null).Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_reader_refuses_devices_and_pipes(string name)
    {
        var read = FuzzTests.Targets.Single(target => target.Name == name).Read!;
        foreach (var special in new[] { Device(), await PipeAsync() })
            await Assert.ThrowsAsync<InputException>(() => Task.Run(() => read(special), TestContext.Current.CancellationToken)
                .WaitAsync(Limit, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("/dev/zero")]
    [InlineData("/dev/full")]
    public void What_a_shell_may_pipe_in_is_refused_where_it_does_not_end(string device)
    {
        Assert.Contains("more than", Assert.Throws<ExperimentException>(() => ExperimentReader.Read(device)).Message,
            StringComparison.Ordinal);
        Assert.Contains("more than", Assert.Throws<InputException>(() => DescriptionFile.Read(device)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_experiment_names_no_device_and_a_manifest_lists_no_pipe()
    {
        Assert.Contains("device",
            Assert.Throws<ExperimentException>(() => ExperimentReader.Read("a.yaml", "name: a\nsimulator: /dev/full\n")).Message,
            StringComparison.Ordinal);

        var manifest = Path.Combine(_folder, "a.yaml");
        await File.WriteAllTextAsync(manifest,
            $"name: a\nparameters: {{ a: {{ uniform: [0, 1] }} }}\nobservation: [1]\ncommand: [/bin/cat]\nprotocol: frames\nfiles: " +
                $"[/dev/zero, {await PipeAsync()}]\n", TestContext.Current.CancellationToken);
        Assert.Contains("/dev/zero",
            Assert.Throws<ExperimentException>(() => ExperimentReader.Read("a.yaml", $"name: a\nsimulator: {manifest}\n")).Message,
            StringComparison.Ordinal);
    }

    // By a link: what else is written beside it then lies in the folder.
    private string Device() => File.CreateSymbolicLink(Path.Combine(_folder, "device"), "/dev/zero").FullName;

    private async Task<string> PipeAsync()
    {
        var path = Path.Combine(_folder, "pipe");
        if (File.Exists(path)) return path;
        using var maker = System.Diagnostics.Process.Start("mkfifo", [path]);
        await maker.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, maker.ExitCode);
        return path;
    }
}
