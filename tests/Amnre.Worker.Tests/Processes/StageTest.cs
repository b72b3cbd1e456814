using Amnre.Jobs.Graph;
using Amnre.Jobs.Views;
using Amnre.Testing;

namespace Amnre.Worker.Tests.Processes;

/// <summary>A test with real schedulers and workers as processes of their own, over a real database.</summary>
public abstract class StageTest(TestServer server) : LedgerTest(server)
{
    /// <summary>Only a hang takes so long.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly List<Cast> _cast = [];

    public Part Part => new() { ConnectionString = ConnectionString, StoreRoot = Store.Root };

    public Cast Scheduler() => Keep(Cast.Scheduler(Part));

    public Cast Worker(string? id = null) => Keep(Cast.Worker(Part with { WorkerId = id }));

    /// <summary>A worker that is to lose its lease, and soon.</summary>
    public Cast Victim() => Keep(Cast.Worker(Part with { LeaseSeconds = 4 }));

    /// <summary>Lets a job go on that is held (<c>name | held 20</c>): it was under way for as long as the test needed it to be.</summary>
    public void LetGo(string job)
    {
        Directory.CreateDirectory(Store.Absolute("checkpoints"));
        File.WriteAllText(ScriptedExecution.GoOf(Store.Absolute("checkpoints"), job), "");
    }

    public Cast Keep(Cast one)
    {
        _cast.Add(one);
        return one;
    }

    public async Task<ExperimentSnapshot> EndOfAsync(long experiment) =>
        await UntilAsync(experiment, "it ends", snapshot => snapshot.Experiment.State != ExperimentState.Running);

    public Task<ExperimentSnapshot> RunningAsync(long experiment, string job) =>
        UntilAsync(experiment, $"{job} runs",
            snapshot => snapshot.Jobs.Any(one => one.Name == job && one.State == JobState.Running && one.Attempt!.EndedAt is null));

    public async Task<ExperimentSnapshot> UntilAsync(long experiment, string what, Func<ExperimentSnapshot, bool> holds)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            ExperimentSnapshot? snapshot = null;
            try
            {
                snapshot = await SnapshotAsync(experiment);
            }
            catch (Npgsql.NpgsqlException)
            {
                // The database is away, as some tests want it.
            }

            if (snapshot is not null && holds(snapshot))
            {
                return snapshot;
            }

            if (TimeProvider.System.GetElapsedTime(started) > Patience)
            {
                var jobs = string.Join('\n',
                    snapshot?.Jobs.Select(
                        job => $"{job.Name} {job.State} {job.Reason} attempts {job.Attempts} {job.Attempt?.Outcome} {job.Attempt?.Message}")
                            ?? []);
                Assert.Fail($"not within {Patience}: {what}\n{jobs}\n{string.Join("\n---\n", _cast.Select(one => one.Said))}");
            }

            await Task.Delay(50, Cancel);
        }
    }

    /// <summary>What must hold after any history: one accepted commit per result, none before those it reads from.</summary>
    public async Task AuditAsync()
    {
        Assert.Equal(0, await ScalarAsync<int>(
            "select count(*)::int from (select from amnre.attempts a where outcome = 'succeeded' and not exists (select from " +
                "amnre.damages d where d.token = a.token) group by job_id having count(*) > 1) twice"));
        Assert.Equal(0, await ScalarAsync<int>("select count(*)::int from amnre.attempts where ended_at is null"));
        Assert.Equal(0, await ScalarAsync<int>(
            """
            select count(*)::int from amnre.attempts a join amnre.edges e on e.job_id = a.job_id join amnre.jobs p on p.id = e.producer_id
            where p.state = 'succeeded' and not exists (
              select from amnre.attempts d where d.job_id = p.id and d.outcome = 'succeeded' and d.ended_at <= a.started_at)
            """));
    }

    public async Task<string> TextOfAsync(long experiment, string job) =>
        await File.ReadAllTextAsync(Store.Absolute((await Files.FilesAsync(experiment, Cancel)).Single(file => file.Job == job).Path),
            Cancel);

    public override ValueTask DisposeAsync()
    {
        _cast.ForEach(one => one.Dispose());
        GC.SuppressFinalize(this);
        return base.DisposeAsync();
    }
}
