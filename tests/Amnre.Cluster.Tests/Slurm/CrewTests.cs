namespace Amnre.Cluster.Tests.Slurm;

public sealed class CrewTests(PrivateSlurm slurm)
{
    /// <summary>An allocation of two GPUs: a worker for each, and one that uses none, all of which leave with it.</summary>
    [Fact]
    public async Task An_allocation_with_GPUs_has_a_worker_for_each_and_those_without()
    {
        Assert.SkipWhen(slurm.Missing is not null, slurm.Missing ?? "");
        await using var study = await ClusterStudy.NewAsync(slurm,
            ClusterStudy.Small.Replace("epochs: 1300", "epochs: 5", StringComparison.Ordinal));
        await study.StartSchedulerAsync();
        // Nodes of this Slurm have no real GPU; the driver's program is played by a script.
        var driver = Path.Combine(study.Folder, "nvidia-smi");
        await File.WriteAllTextAsync(driver,
            "#!/bin/sh\necho '0, GPU-aa, Imagined 80GB, 1204, 81559, 37'\necho '1, GPU-bb, Imagined 80GB, 3, 81559, 0'\n",
            TestContext.Current.CancellationToken);
        File.SetUnixFileMode(driver, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        study.Environment["PATH"] = $"{study.Folder}:{Environment.GetEnvironmentVariable("PATH")}";

        var job = await study.SbatchAsync(["--gres=gpu:2", "--cpus-per-task=3", "--nodelist=n5", "--partition=high"],
            ["--gpus-per-worker", "1", "--cpu-workers", "1"]);
        await study.UntilAsync("three workers are there, two with readings", async () =>
            (await study.Views.WorkersAsync(TestContext.Current.CancellationToken)) is { Count: 3 } all
            && all.Count(worker => worker.Gpus.Count == 1) == 2);

        var workers = await study.Views.WorkersAsync(TestContext.Current.CancellationToken);
        Assert.All(workers, worker => Assert.Equal(job, worker.SlurmId));
        Assert.All(workers, worker => Assert.NotNull(worker.EndsAt));
        var bound = workers.ToDictionary(worker => worker.Id,
            worker => File.ReadAllText($"/proc/{worker.Pid}/environ").Split('\0')
                .Single(entry => entry.StartsWith("CUDA_VISIBLE_DEVICES=", StringComparison.Ordinal)).Split('=')[1]);
        Assert.Equal(["", "0", "1"], bound.Values.Order(StringComparer.Ordinal));
        foreach (var worker in workers)
        {
            // Those with a GPU keep it for the jobs that need one; the driver's word is of their own.
            Assert.Equal(bound[worker.Id].Length == 0 ? ["plain"] : ["accelerated"], worker.Kinds);
            Assert.Equal(bound[worker.Id].Length == 0 ? [] : new[] { int.Parse(bound[worker.Id]) }, worker.Gpus.Select(gpu => gpu.Index));
        }

        Assert.Contains("Imagined 80GB, 37 % busy, 1204 of 81559 MiB", await study.AmnreAsync("status"), StringComparison.Ordinal);
        await study.SubmitAsync();
        await study.SucceedsAsync();
        await slurm.SlurmAsync("scancel", job);
        await study.UntilAsync("all have left",
            async () => (await study.Views.WorkersAsync(TestContext.Current.CancellationToken)).Count == 0);
        await study.UntilAsync("their processes have ended",
            () => Task.FromResult(workers.All(worker => !Directory.Exists($"/proc/{worker.Pid}"))));
    }
}
