namespace Amnre.Cluster.Tests.Slurm;

public sealed class ReadmeTests(PrivateSlurm slurm)
{
    /// <summary>The commands that take a user from nothing to results, as they stand in deploy/slurm/README.md, from the fourth on: the first three make a
    /// program and a database, which this test has already.</summary>
    [Fact]
    public async Task The_ten_commands_do_what_they_say()
    {
        Assert.SkipWhen(slurm.Missing is not null, slurm.Missing ?? "");
        var stop = TestContext.Current.CancellationToken;
        await using var study = await ClusterStudy.NewAsync(slurm, ClusterStudy.Small.Replace("epochs: 1300", "epochs: 3", StringComparison.Ordinal));
        var text = await File.ReadAllTextAsync(Repository.File("deploy", "slurm", "README.md"), stop);
        var commands = text[(text.IndexOf("```bash\n", StringComparison.Ordinal) + "```bash\n".Length)..].Split("```")[0].TrimEnd().Split('\n');
        Assert.Equal(10, commands.Length);
        Assert.Equal(["dotnet", "export", "eval"], commands[..3].Select(command => command.Split(' ')[0]));

        var script = string.Join('\n', commands[3..]).Replace("experiments/quickstart.yaml", Path.Combine(study.Folder, "study.yaml"), StringComparison.Ordinal)
            .Replace("quickstart.csv", Path.Combine(study.Folder, "table.csv"), StringComparison.Ordinal)
            .Replace("quickstart", "small", StringComparison.Ordinal)
            // This Slurm's arrays are short.
            .Replace("--array=1-8%4", "--array=1-3%2", StringComparison.Ordinal)
            .Replace("sbatch ", $"sbatch --mem=400M --nodelist=n5 --partition=high --output={study.Store}/logs/slurm-%a.out ", StringComparison.Ordinal);
        study.Environment["PATH"] = $"{Path.GetDirectoryName(Repository.Program)}:{Environment.GetEnvironmentVariable("PATH")}";
        study.Environment["AMNRE"] = null;
        var printed = await Shell.RunAsync(study.Environment, "bash", "-ec", $"cd '{Repository.Root}'\n{script}");

        Assert.Contains("small succeeded", printed, StringComparison.Ordinal);
        Assert.StartsWith("model,state", await File.ReadAllTextAsync(Path.Combine(study.Folder, "table.csv"), stop), StringComparison.Ordinal);
        Assert.Contains("running", await Shell.RunAsync(study.Environment, Repository.File("deploy", "slurm", "scheduler-on-login-node"), "status"), StringComparison.Ordinal);
        Assert.Contains("stopped", await Shell.RunAsync(study.Environment, Repository.File("deploy", "slurm", "scheduler-on-login-node"), "stop"), StringComparison.Ordinal);
    }
}
