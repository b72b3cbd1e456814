using System.ComponentModel;
using System.Globalization;
using Amnre.Jobs.Allocations;
using Amnre.Jobs.Ownership;
using CliWrap;
using CliWrap.Buffered;

namespace Amnre.Scheduler.Cluster;

/// <summary>Slurm did not do what it was asked for; the message is its own.</summary>
internal sealed class SlurmException(string message) : Exception(message);

/// <summary>Slurm, through its own programs: whatever plugins and versions a site has, these work for its users. Every call has a
/// timeout.</summary>
/// <param name="environment">For the allocations: how they find the database.</param>
/// <param name="folder">Of Slurm's programs; null looks on PATH.</param>
internal sealed class SlurmCluster(IReadOnlyDictionary<string, string> environment, string? folder = null)
{
    /// <summary>A controller that is busy or away lets its programs wait ten seconds and more.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(45);

    /// <summary>Environment variables, or what they begin with, that change what Slurm's programs do with jobs of ours.</summary>
    private static readonly string[] Misleading = ["SBATCH_CLUSTERS", "SBATCH_CLUSTER_CONSTRAINT", "SBATCH_ARRAY_INX", "SBATCH_JOB_NAME",
        "SBATCH_WAIT", "SQUEUE_", "SCANCEL_"];

    private const int DefaultMaxArraySize = 1001;

    private int? _maxArraySize;

    /// <summary>Everything that Slurm knows of these jobs of ours, in one call; what ended a while ago it has forgotten.</summary>
    public async Task<IReadOnlyList<SlurmJob>> JobsAsync(IReadOnlyList<string> names, CancellationToken cancel) =>
        SlurmStates.Jobs(await RunAsync(
        "squeue", ["--noheader", "--all", "--array", "--states=all", $"--user={AccountName.Ours}", $"--name={string.Join(',', names)}",
            $"--format={SlurmStates.Format}"], cancel));

    /// <summary>Asks whether a submission would be taken.</summary>
    /// <exception cref="SlurmException">It would not.</exception>
    public Task RehearseAsync(string name, PoolSettings pool, string script, TimeSpan lead, CancellationToken cancel) =>
        RunAsync("sbatch", ["--test-only", .. Submission(name, pool, script, 1, lead)], cancel, pool);

    /// <summary>Asks for <paramref name="count"/> allocations, at most <see cref="MaxArraySizeAsync"/> at once.</summary>
    /// <returns>Their names for <c>squeue</c>.</returns>
    public async Task<IReadOnlyList<string>> SubmitAsync(string name, PoolSettings pool, string script, int count, TimeSpan lead,
        CancellationToken cancel)
    {
        var answer = await RunAsync("sbatch", ["--parsable", .. Submission(name, pool, script, count, lead)], cancel, pool);
        var id = SlurmStates.Submitted(answer) ?? throw new SlurmException($"sbatch answered '{answer.Trim()}', which names no job");
        return [.. Enumerable.Range(0, count).Select(task => $"{id}_{task}")];
    }

    public async Task<int> MaxArraySizeAsync(CancellationToken cancel) =>
        _maxArraySize ??= Math.Max(SlurmStates.MaxArraySize(await RunAsync("scontrol", ["show", "config"], cancel)) ?? DefaultMaxArraySize,
            1);

    public async Task RemoveAsync(IReadOnlyList<string> ids, CancellationToken cancel)
    {
        // A command line has its limits.
        foreach (var some in ids.Chunk(500)) await RunAsync("scancel", ["--quiet", .. some], cancel);
    }

    /// <summary>The options of a submission. What the pool adds comes last, so it wins.</summary>
    internal static IReadOnlyList<string> Submission(string name, PoolSettings pool, string script, int count, TimeSpan lead) =>
    [
        $"--job-name={name}", $"--array=0-{count - 1}", "--nodes=1", "--ntasks=1", $"--cpus-per-task={pool.Cpus}",
        .. pool.Memory is { } memory ? [$"--mem={memory}M"] : Array.Empty<string>(),
        .. pool.Gpus > 0 ? [$"--gres=gpu:{pool.Gpus}"] : Array.Empty<string>(),
        string.Create(CultureInfo.InvariantCulture, $"--time={(int)pool.Time.TotalMinutes}:{pool.Time.Seconds:00}"),
        string.Create(CultureInfo.InvariantCulture, $"--signal=B:USR2@{Math.Ceiling(lead.TotalSeconds):0}"),
        $"--output={Path.Combine(pool.Store, "logs", "slurm-%A_%a.out")}", "--open-mode=append", "--requeue", "--export=ALL",
        .. pool.Options,
        script,
        .. pool.Gpus > 0 ? [$"--gpus-per-worker={pool.GpusPerWorker}"] : Array.Empty<string>(),
        .. pool.CpuWorkers is { } cpu ? [$"--cpu-workers={cpu}"] : Array.Empty<string>(),
    ];

    private async Task<string> RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancel,
        PoolSettings? pool = null)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        timeout.CancelAfter(Timeout);
        try
        {
            var answer = await Cli.Wrap(folder is null ? program : Path.Combine(folder, program)).WithArguments(arguments)
                .WithEnvironmentVariables(Variables(pool))
                .WithValidation(CommandResultValidation.None).ExecuteBufferedAsync(timeout.Token);
            return answer.ExitCode == 0
                ? answer.StandardOutput
                : throw new SlurmException($"{program}: {Words(answer.StandardError, program) ?? $"exit code {answer.ExitCode}"}");
        }
        catch (Win32Exception e)
        {
            throw new SlurmException($"{program} cannot be run on {Environment.MachineName}: {e.Message}. Run the scheduler where " +
                "Slurm's programs are, such as a login node");
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new SlurmException($"{program} did not answer within {Timeout.TotalSeconds} s");
        }
    }

    /// <summary>Ours, less what Slurm told us of an allocation of our own, which would be taken for requests, and less what would send a
    /// submission to another cluster or hide our jobs from us: a job that we do not see cannot be counted or ended.</summary>
    private Dictionary<string, string?> Variables(PoolSettings? pool)
    {
        var variables = environment.ToDictionary(pair => pair.Key, pair => (string?)pair.Value);
        foreach (var name in Environment.GetEnvironmentVariables().Keys.Cast<string>())
            if ((name.StartsWith("SLURM_", StringComparison.Ordinal) && name != "SLURM_CONF")
                || Misleading.Any(start => name.StartsWith(start, StringComparison.Ordinal))) variables[name] = null;
        variables["SLURM_TIME_FORMAT"] = "%s";
        if (pool is not null) (variables["AMNRE"], variables["AMNRE_STORE"]) = (pool.Program, pool.Store);
        return variables;
    }

    private static string? Words(string error, string program)
    {
        var lines = error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(line => line.StartsWith($"{program}: ", StringComparison.Ordinal) ? line[(program.Length + 2)..] : line);
        var words = string.Join("; ", lines);
        return words.Length == 0 ? null : words;
    }
}
