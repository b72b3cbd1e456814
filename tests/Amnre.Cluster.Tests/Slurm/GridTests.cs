using System.Diagnostics;
using System.Globalization;
using Amnre.Jobs.Graph;
using Amnre.Testing;

namespace Amnre.Cluster.Tests.Slurm;

/// <summary>The original's grids of Slurm files, scaled down, on a cluster where something is killed every few seconds. It takes its time:
/// AMNRE_GRID holds the names to be run, such as <c>slcp hh gw</c> (<c>./test --grid</c>), and AMNRE_SEED other faults.</summary>
public sealed class GridTests(PrivateSlurm slurm)
{
    private const int Workers = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(60);

    private readonly Random _random = new(int.Parse(Environment.GetEnvironmentVariable("AMNRE_SEED") ?? "1", CultureInfo.InvariantCulture));
    private readonly SortedDictionary<string, int> _errors = [];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("slcp")]
    [InlineData("hh")]
    [InlineData("gw")]
    public async Task Killed_at_random_the_original_s_grid_ends_with_the_bytes_of_an_undisturbed_run(string name)
    {
        Assert.SkipWhen(slurm.Missing is not null, slurm.Missing ?? "");
        Assert.SkipUnless((Environment.GetEnvironmentVariable("AMNRE_GRID") ?? "").Split(' ').Contains(name),
            "takes minutes to an hour: ./test --grid");
        var experiment = await File.ReadAllTextAsync(Repository.File("experiments", "small", $"{name}.yaml"), Stop);
        await using var study = await ClusterStudy.NewAsync(slurm, experiment, Patience);
        var undisturbed = Path.Combine(study.Folder, "undisturbed");
        var begun = TimeProvider.System.GetTimestamp();
        await Shell.RunAsync(Patience, new Dictionary<string, string?>(), Repository.Program, "run",
            Path.Combine(study.Folder, "study.yaml"), "--store", undisturbed);
        var alone = TimeProvider.System.GetElapsedTime(begun);

        await study.SubmitAsync();
        var scheduler = await study.StartSchedulerAsync();
        begun = TimeProvider.System.GetTimestamp();
        while ((await study.SnapshotAsync()).Experiment.State == ExperimentState.Running)
        {
            await TopUpAsync(study);
            await Task.Delay(TimeSpan.FromSeconds(2 + 6 * _random.NextDouble()), Stop);
            scheduler = await DisturbAsync(study, scheduler);
        }

        await study.SucceedsAsync();
        var snapshot = await study.SnapshotAsync();
        var attempts = 0;
        foreach (var job in snapshot.Jobs) attempts += (await study.JobViews.AttemptsAsync(job.Id, Stop)).Count;
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{name}: {snapshot.Jobs.Count} jobs, {attempts} attempts; undisturbed in {alone:mm\\:ss}, disturbed in " +
            $"{TimeProvider.System.GetElapsedTime(begun):mm\\:ss}; "
            + string.Join(", ", _errors.Select(error => $"{error.Value} {error.Key}")));
        var expected = ClusterStudy.Results(Path.Combine(undisturbed, $"{name}-small"));
        Assert.Equal(expected, study.Results());
        Assert.True(expected.Count >= snapshot.Jobs.Count(job => job.Name.StartsWith("train/", StringComparison.Ordinal)));
    }

    /// <summary>As many allocations as there should be, whatever became of earlier ones.</summary>
    private async Task TopUpAsync(ClusterStudy study)
    {
        var missing = Workers - (await AllocationsAsync()).Count;
        if (missing > 0) await study.WorkersAsync($"--array=1-{missing}", "--nodelist=n1", "--partition=low", "--requeue");
    }

    private async Task<List<string>> AllocationsAsync() =>
        [.. (await slurm.SlurmAsync("squeue", "--noheader", "--array", "--states=R,PD,CF", "--format=%i")).Split('\n',
            StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];

    private async Task<Process> DisturbAsync(ClusterStudy study, Process scheduler)
    {
        var workers = (await study.Views.WorkersAsync(Stop)).Where(worker => worker.SecondsSilent < 10).ToList();
        var one = workers.Count > 0 ? workers[_random.Next(workers.Count)] : null;
        switch (_random.Next(6))
        {
            case 0 when one?.SlurmId is { } id:
                Count("cancelled allocations");
                await Shell.TryAsync(slurm.Variables, "scancel", id);
                break;
            case 1 when one?.SlurmId is { } id:
                Count("requeued allocations");
                await Shell.TryAsync(slurm.Variables, "scontrol", "requeue", id);
                break;
            case 2 or 3 when one is not null:
                Count("workers killed");
                await Shell.TryAsync(slurm.Variables, "kill", "-KILL", $"{one.Pid}");
                break;
            case 4 when one is not null:
                Count("workers stopped for a while");
                await Shell.TryAsync(slurm.Variables, "kill", "-STOP", $"{one.Pid}");
                await Task.Delay(TimeSpan.FromSeconds(_random.Next(1, 40)), Stop);
                await Shell.TryAsync(slurm.Variables, "kill", "-CONT", $"{one.Pid}");
                break;
            case 5:
                Count("schedulers killed");
                scheduler.Kill();
                await scheduler.WaitForExitAsync(Stop);
                scheduler = await study.StartSchedulerAsync();
                break;
        }

        return scheduler;
    }

    private void Count(string error) => _errors[error] = _errors.GetValueOrDefault(error) + 1;
}
