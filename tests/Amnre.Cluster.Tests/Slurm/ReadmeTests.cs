using Amnre.Testing;

namespace Amnre.Cluster.Tests.Slurm;

/// <summary>The commands of deploy/slurm/README.md, and those of deploy/docker/README.md for clusters that allow only Apptainer, as they
/// stand there.</summary>
public sealed class ReadmeTests(PrivateSlurm slurm)
{
    private static readonly string Quick = ClusterStudy.Small.Replace("epochs: 1300", "epochs: 3", StringComparison.Ordinal);

    /// <summary>What takes a user from nothing to results. The database is one of this Slurm's, which the page's script made.</summary>
    [Fact]
    public async Task The_ten_commands_do_what_they_say()
    {
        Assert.SkipWhen(slurm.Missing is not null, slurm.Missing ?? "");
        var stop = TestContext.Current.CancellationToken;
        await using var study = await ClusterStudy.NewAsync(slurm, Quick);
        var block = CommandBlock.Of("deploy/slurm/README.md")[0];
        Assert.Equal(10, block.Commands.Count);
        await File.WriteAllTextAsync(Path.Combine(study.Folder, "set"), $"export AMNRE_POSTGRES='{study.Environment["AMNRE_POSTGRES"]}'",
            stop);
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        foreach (var name in (string[])["AMNRE", "AMNRE_STORE", "AMNRE_POSTGRES"]) study.Environment[name] = null;

        var script = Here(block.Script, study)
            // As it was built with the tests: a build now would change what other tests run.
            .Replace("--configuration Release", $"--configuration {configuration} --no-build", StringComparison.Ordinal)
            .Replace("$(deploy/slurm/database start)", $"$(cat {study.Folder}/set)", StringComparison.Ordinal)
            .Replace("experiments/quickstart.yaml", Path.Combine(study.Folder, "study.yaml"), StringComparison.Ordinal)
            .Replace("quickstart.csv", Path.Combine(study.Folder, "table.csv"), StringComparison.Ordinal)
            .Replace("quickstart", "small", StringComparison.Ordinal);
        var printed = await Shell.RunAsync(study.Environment, "bash", "-ec", $"cd '{Repository.Root}'\n{script}");

        Assert.Contains("small succeeded", printed, StringComparison.Ordinal);
        Assert.StartsWith("model,state", await File.ReadAllTextAsync(Path.Combine(study.Folder, "table.csv"), stop),
            StringComparison.Ordinal);
        (study.Environment["AMNRE_STORE"], study.Environment["AMNRE_POSTGRES"]) = (study.Store, "Host=unused");
        Assert.Contains("running",
            await Shell.RunAsync(study.Environment, Repository.File("deploy", "slurm", "scheduler-on-login-node"), "status"),
            StringComparison.Ordinal);
        Assert.Contains("stopped",
            await Shell.RunAsync(study.Environment, Repository.File("deploy", "slurm", "scheduler-on-login-node"), "stop"),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Workers_by_hand_and_allocations_by_demand_are_asked_for_as_the_page_says()
    {
        Assert.SkipWhen(slurm.Missing is not null, slurm.Missing ?? "");
        await using var study = await ClusterStudy.NewAsync(slurm, Quick);
        study.Environment["PATH"] = $"{Path.GetDirectoryName(Repository.Program)}:{Environment.GetEnvironmentVariable("PATH")}";
        var page = CommandBlock.Of("deploy/slurm/README.md");
        Assert.Equal(3, page.Count);

        // Slurm itself says whether it would take them; this one's nodes are small.
        await Shell.RunAsync(study.Environment, "bash", "-ec",
            $"cd '{Repository.Root}'\n" + page[1].Script.Replace("sbatch --array", "sbatch --test-only --array", StringComparison.Ordinal)
            .Replace("1-100%20", "1-3%2", StringComparison.Ordinal).Replace("1-4 ", "1-3 ", StringComparison.Ordinal)
            .Replace("gpu:4", "gpu:2", StringComparison.Ordinal).Replace("--cpus-per-task=8", "--cpus-per-task=4", StringComparison.Ordinal)
            .Replace("--partition=gpu", "--partition=high", StringComparison.Ordinal));
        var printed = await Shell.RunAsync(study.Environment, "bash", "-ec", page[2].Script);

        Assert.Contains("pool gpu: up to 4 allocations", printed, StringComparison.Ordinal);
        Assert.Contains("goes down: gpu", printed, StringComparison.Ordinal);
    }

    /// <summary>Apptainer is played by a program that takes the same words and then runs the command outside of any container.</summary>
    [Fact]
    public async Task Workers_in_a_container_are_started_as_the_page_says()
    {
        Assert.SkipWhen(slurm.Missing is not null, slurm.Missing ?? "");
        await using var study = await ClusterStudy.NewAsync(slurm, Quick);
        var played = Path.Combine(study.Folder, "apptainer");
        await File.WriteAllTextAsync(played,
            $"#!/bin/bash\n[[ $1 == run && $2 == --bind && -d $3 && $4 == *.sif ]] || {{ echo \"not played: apptainer $*\" >&2; exit 2; " +
                $"}}\necho \"$4\" >>{study.Folder}/played\nexec {Repository.Program} \"${{@:5}}\"\n",
            TestContext.Current.CancellationToken);
        File.SetUnixFileMode(played, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        study.Environment["PATH"] = $"{study.Folder}:{Environment.GetEnvironmentVariable("PATH")}";
        await study.StartSchedulerAsync();
        await study.SubmitAsync();

        var printed = await Shell.RunAsync(study.Environment, "bash", "-ec",
            $"cd '{Repository.Root}'\n{Here(CommandBlock.Of("deploy/docker/README.md")[3].Script, study)}");
        Assert.Contains("small", printed, StringComparison.Ordinal);
        await study.SucceedsAsync();
        Assert.All(await File.ReadAllLinesAsync(Path.Combine(study.Folder, "played"), TestContext.Current.CancellationToken),
            image => Assert.Equal(Path.Combine(study.Folder, "amnre.sif"), image));
    }

    /// <summary>The shared folder is the study's; this Slurm's arrays are short, and its nodes are shared out among tests.</summary>
    private static string Here(string script, ClusterStudy study) => script.Replace("/shared", study.Folder, StringComparison.Ordinal)
        .Replace("--array=1-8%4", "--array=1-3%2", StringComparison.Ordinal)
        .Replace("sbatch ", $"sbatch --mem=400M --nodelist=n5 --partition=high --output={study.Store}/logs/slurm-%a.out ",
            StringComparison.Ordinal);
}
