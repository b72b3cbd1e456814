using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Amnre.Jobs.Attempts;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Views;
using Amnre.Jobs.Workers;
using Amnre.Testing;
using Npgsql;

namespace Amnre.Cluster.Tests.Slurm;

/// <summary>A small study in a store and a database of its own, done by workers in allocations of the private Slurm.</summary>
internal sealed class ClusterStudy : IAsyncDisposable
{
    public const string Training = "train/amnre";

    /// <summary>A training long enough to be disturbed several times.</summary>
    public const string Small =
        """
        name: small
        simulator: SLCP
        datasets:
          train: { rows: 8192, seed: 0, shards: 6 }
          test: { rows: 64, seed: 1 }
        models:
          amnre:
            samples: train
            valid: test
            arbitrary: true
            model: { num_layers: 2, hidden_size: 32, activation: ELU }
            epochs: 1300
            scheduler: cosine
            descents: 16
            bs: 256
        evaluations:
          truth: { data: test, indices: [0, 2], bins: 20, accuracy: true }
        figures:
          corner: { type: corner, evaluation: truth, truth: true, masks: [11111] }
        """;

    /// <summary>Patience that has no end otherwise while two drills disturb each other without end.</summary>
    private const int AllInAll = 6;

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    private readonly PrivateSlurm _slurm;
    private readonly string _name;
    private readonly NpgsqlDataSource _database;
    private readonly List<Process> _processes = [];

    private ClusterStudy(PrivateSlurm slurm, string name, string folder, string connectionString)
    {
        (_slurm, _name, Folder, _database) = (slurm, name, folder, LedgerDatabase.Open(connectionString, "tests"));
        Environment = new(slurm.Variables)
        {
            ["AMNRE"] = Repository.Program,
            ["AMNRE_STORE"] = Store,
            ["AMNRE_POSTGRES"] = connectionString,
            // What a test's tool asks of tests is not for the programs under test.
            ["DOTNET_gcServer"] = null,
        };
    }

    /// <summary>How long is waited for anything while nothing moves: a machine with much to do is slow, and a study that is stuck stands
    /// still.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(3);

    public string Folder { get; }

    public string Store => Path.Combine(Folder, "store");

    public Dictionary<string, string?> Environment { get; }

    public ExperimentViews Views => new(_database);

    public JobViews JobViews => new(_database);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<ClusterStudy> NewAsync(PrivateSlurm slurm, string experiment, TimeSpan? patience = null)
    {
        var name = experiment.Split('\n').First(line => line.StartsWith("name: ", StringComparison.Ordinal))["name: ".Length..].Trim();
        var study = new ClusterStudy(slurm, name, Directory.CreateTempSubdirectory("amnre-cluster-").FullName,
            await slurm.NewDatabaseAsync())
        {
            Patience = patience ?? TimeSpan.FromMinutes(3),
        };
        Directory.CreateDirectory(Path.Combine(study.Store, "logs"));
        await LedgerSchema.MigrateAsync(study._database, Stop);
        await File.WriteAllTextAsync(Path.Combine(study.Folder, "study.yaml"), experiment, Stop);
        return study;
    }

    public Task<string> AmnreAsync(params string[] arguments) => Shell.RunAsync(Environment, Repository.Program, arguments);

    /// <summary>Until the database answers in time: several studies at once keep a small machine busy.</summary>
    public Task SubmitAsync() => UntilAsync("the study is submitted", async () =>
    {
        var (code, _, error) = await Shell.TryAsync(Environment, Repository.Program, "submit", Path.Combine(Folder, "study.yaml"));
        Assert.True(code == 0 || error.Contains("does not answer", StringComparison.Ordinal), error);
        return code == 0;
    });

    /// <returns>Its process, which this study ends at the latest.</returns>
    public async Task<Process> StartSchedulerAsync()
    {
        var process = Shell.Start(Environment, Repository.Program, "scheduler", "--dashboard", "http://127.0.0.1:0");
        _processes.Add(process);
        await UntilAsync("a scheduler leads", async () => (await new SchedulerRegistry(_database).LiveAsync(Stop)).Any(one => one.Leader));
        return process;
    }

    /// <summary>Workers as a user starts them: by the script that the project ships.</summary>
    /// <returns>The job's number.</returns>
    public Task<string> WorkersAsync(params string[] options) => SbatchAsync(options, []);

    public Task<string> SbatchAsync(string[] options, string[] workerOptions) => Shell.RunAsync(
        Environment, "sbatch",
        ["--parsable", "--mem=500M", $"--output={Store}/logs/slurm-%A_%a.out", .. options,
            Repository.File("deploy", "slurm", "worker.sbatch"), .. workerOptions]);

    public async Task<ExperimentSnapshot> SnapshotAsync() =>
        (await Views.SnapshotAsync(await Views.FindAsync(_name, Stop) ?? throw new InvalidOperationException("not submitted"), Stop))!;

    /// <summary>Waits until the training has come so far on a worker that is not one of <paramref name="not"/>.</summary>
    /// <returns>Its worker.</returns>
    public async Task<WorkerSnapshot> TrainsAsync(double fraction, params string[] not)
    {
        WorkerSnapshot? found = null;
        await UntilAsync($"{Training} has come to {fraction:P0}", async () =>
        {
            var job = (await SnapshotAsync()).Jobs.Single(one => one.Name == Training);
            Assert.False(job.State.IsFinal, $"{Training} is {job.State} before {fraction:P0}");
            if (job is not { State: JobState.Running, Attempt: { EndedAt: null, Progress: { } progress } attempt }
                || progress.Fraction < fraction || not.Contains(attempt.Worker)) return false;
            found = (await Views.WorkersAsync(Stop)).SingleOrDefault(worker => worker.Id == attempt.Worker);
            return found is not null;
        });
        return found!;
    }

    public async Task<IReadOnlyList<AttemptSnapshot>> AttemptsAsync(string job) =>
        await JobViews.AttemptsAsync((await SnapshotAsync()).Jobs.Single(one => one.Name == job).Id, Stop);

    /// <summary>Waits for the end, which must be a success that cost no job a retry of its user's.</summary>
    public async Task SucceedsAsync()
    {
        ExperimentSnapshot? snapshot = null;
        await UntilAsync("the study ends", async () => (snapshot = await SnapshotAsync()).Experiment.State != ExperimentState.Running);
        Assert.True(snapshot!.Experiment.State == ExperimentState.Succeeded,
            string.Join('\n', snapshot.Jobs.Select(job => $"{job.Name} {job.State} {job.Reason}")));
        foreach (var job in snapshot.Jobs)
            Assert.DoesNotContain(await JobViews.AttemptsAsync(job.Id, Stop), attempt => attempt.FailureClass == FailureClass.User);
        Assert.Empty(snapshot.Warnings);
    }

    /// <summary>Digests of all results by name, apart from files that hold times.</summary>
    public SortedDictionary<string, string> Results() => Results(Path.Combine(Store, _name));

    /// <inheritdoc cref="Results()"/>
    public static SortedDictionary<string, string> Results(string root)
    {
        var results = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories))
        {
            var path = Path.GetRelativePath(root, file);
            if (!path.StartsWith("models/", StringComparison.Ordinal) || path.EndsWith(".pth", StringComparison.Ordinal))
                results[path] = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)));
        }

        return results;
    }

    public async Task UntilAsync(string what, Func<Task<bool>> holds)
    {
        var (began, moved, looked, mark) = (TimeProvider.System.GetTimestamp(), TimeProvider.System.GetTimestamp(),
            TimeProvider.System.GetTimestamp(), "");
        while (!await holds())
        {
            await Task.Delay(100, Stop);
            if (TimeProvider.System.GetElapsedTime(looked) < LookEvery) continue;
            looked = TimeProvider.System.GetTimestamp();
            if (await MarkAsync() is var now && now != mark) (moved, mark) = (looked, now);
            if (TimeProvider.System.GetElapsedTime(moved) > Patience)
                Assert.Fail($"nothing has moved for {Patience}: {what}\n{await SceneAsync()}");
            if (TimeProvider.System.GetElapsedTime(began) > AllInAll * Patience)
                Assert.Fail($"not within {AllInAll * Patience}, though something moved: {what}\n{await SceneAsync()}");
        }
    }

    /// <summary>What changes when anything of the study does: jobs and their progress, workers, allocations.</summary>
    private async Task<string> MarkAsync()
    {
        var jobs = (await Views.ListAsync(1, Stop)).Count == 0 ? [] : (await SnapshotAsync()).Jobs;
        var workers = await Views.WorkersAsync(Stop);
        return string.Join(' ',
            jobs.Select(job => $"{job.State}{job.Attempt?.Number}{job.Attempt?.Progress?.Done:R}")
                .Concat(workers.Select(worker => $"{worker.Id}{worker.Job}")))
            + (_slurm.Missing is null ? await _slurm.SlurmAsync("squeue", "-h", "-a", "-o", "%i %T") : "");
    }

    public static string Count(AttemptOutcome outcome, IReadOnlyList<AttemptSnapshot> attempts) =>
        attempts.Count(attempt => attempt.Outcome == outcome).ToString(CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
            process.Dispose();
        }

        // A test that failed must not leave workers behind.
        await Shell.TryAsync(_slurm.Variables, "/bin/sh", "-c",
            $"squeue -h -r -o '%i %o' --states=all >/dev/null; grep -l '{Store}' /proc/[0-9]*/environ 2>/dev/null | cut -d/ -f3 | xargs " +
                "-r kill -KILL 2>/dev/null || true");
        await _database.DisposeAsync();
        for (var left = 20; left > 0; left--)
        {
            try
            {
                Directory.Delete(Folder, recursive: true);
                return;
            }
            catch (IOException)
            {
                await Task.Delay(100, CancellationToken.None); // Someone who was just killed still wrote.
            }
        }
    }

    private async Task<string> SceneAsync()
    {
        var jobs = (await Views.ListAsync(1, Stop)).Count == 0
            ? ""
            : string.Join('\n',
                (await SnapshotAsync()).Jobs.Select(
                    job => $"{job.Name} {job.State} {job.Reason} {job.Attempt?.Worker} {job.Attempt?.Progress?.Fraction:P0}"));
        var workers = string.Join('\n',
            (await Views.WorkersAsync(Stop)).Select(
                worker => $"{worker.Id} {worker.SlurmId} {worker.Job} silent {worker.SecondsSilent:0}"));
        var logs = string.Join('\n',
            Directory.EnumerateFiles(Path.Combine(Store, "logs"))
                .Select(file => $"== {Path.GetFileName(file)}\n{string.Join('\n', File.ReadLines(file).TakeLast(5))}"));
        return $"{jobs}\n{workers}\n{await _slurm.SlurmAsync("squeue")}\n{logs}";
    }
}
