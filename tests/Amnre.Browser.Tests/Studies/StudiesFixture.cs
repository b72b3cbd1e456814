using System.Net;
using Amnre.Experiments.Plans;
using Amnre.Experiments.Reading;
using Amnre.Jobs.Attempts;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Operations;
using Amnre.Jobs.Specs;
using Amnre.Jobs.Submissions;
using Amnre.Jobs.Workers;
using Amnre.Testing;

namespace Amnre.Browser.Tests.Studies;

/// <summary>A ledger with studies whose jobs are in every state, on a real PostgreSQL, with a real scheduler that shows it: one that has
/// ended, a sweep under way, and one of which nothing has begun.</summary>
public sealed class StudiesFixture(TestServer server) : LedgerTest(server)
{
    private static readonly (string Id, string Host, int Pid, string? Slurm)[] Crew =
        [("gpu-03-4121-7fd2", "gpu-03", 4121, "81733_1"), ("gpu-07-977-02ac", "gpu-07", 977, "81733_2"),
            ("login-2211-9e10", "login", 2211, null)];

    private readonly CancellationTokenSource _end = new();
    private RunningScheduler? _scheduler;
    private Task _beats = Task.CompletedTask;

    public string Address => _scheduler!.Address;

    /// <summary>The session of whoever followed the scheduler's link.</summary>
    internal Cookie Session { get; private set; } = null!;

    /// <summary>Of the study that has ended, of the sweep, and of the one of which nothing has begun.</summary>
    public long Ended { get; private set; }

    public long Sweep { get; private set; }

    public long Fresh { get; private set; }

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await ExecuteAsync("delete from amnre.workers");
        foreach (var (id, host, pid, slurm) in Crew)
        {
            await Workers.RegisterAsync(new WorkerEntry(id, host, pid, 1, ["plain"], slurm)
            {
                MemoryBytes = 64L << 30,
                Version = ProgramVersion.Build,
                TimeLeft = slurm is null ? null : TimeSpan.FromHours(9),
            }, Cancel);
            if (slurm is not null) await Workers.ShowGpusAsync(id, [new GpuReading(0, "NVIDIA H100", 1204, 81559, 37)], Cancel);
        }

        Ended = (await SubmitAsync(Plan("slcp"), "elena")).ExperimentId;
        await AdvanceAsync(Ended, _ => Fate.Succeeds);
        Sweep = (await SubmitAsync(Plan("slcp-sweep"), "elena")).ExperimentId;
        await AdvanceAsync(Sweep, SweepFate);
        await CancelAsync(
            $"slcp-sweep/{(await SnapshotAsync(Sweep)).Jobs.Last(job => job.Kind == JobKind.Train && job.Name.Contains("1024", StringComparison.Ordinal)).Name}");
        await BackdateAsync();
        Fresh = (await Submission.SubmitAsync(Plans.Of("fresh", "sample/prior", "sample/check: sample/prior"),
            new SubmitOptions { Priority = -5, Owner = "sofia" }, Cancel)).ExperimentId;
        _scheduler = await RunningScheduler.StartAsync(ConnectionString, Store.Root, "0123456789abcdef0123");
        var cookies = new CookieContainer();
        using (var client = new HttpClient(new SocketsHttpHandler { CookieContainer = cookies }))
            Assert.True((await client.GetAsync(new Uri(_scheduler.Link), Cancel)).IsSuccessStatusCode);
        Session = Assert.Single(cookies.GetAllCookies(), cookie => cookie.Name.StartsWith("amnre-session-", StringComparison.Ordinal));
        _beats = BeatAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _beats;
        if (_scheduler is not null) await _scheduler.DisposeAsync();
        _end.Dispose();
        await base.DisposeAsync();
    }

    public async Task<long> JobAsync(Func<Jobs.Views.JobSnapshot, bool> which) => (await SnapshotAsync(Sweep)).Jobs.First(which).Id;

    /// <summary>An attempt that runs, ended as its worker would.</summary>
    public async Task SucceedAsync(JobTicket ticket) =>
        Assert.True(await Attempts.CommitAsync(ticket, Results.Make(Store, ticket), Cancel));

    /// <summary>Claims a job that is handed out.</summary>
    public async Task<JobTicket> ClaimAsync(long job) =>
        await Attempts.ClaimAsync(job, Crew[0].Id, TimeSpan.FromHours(2), Cancel)
        ?? throw new InvalidOperationException($"no claim on job {job}");

    private Task<Submitted> SubmitAsync(ExperimentPlan plan, string owner) =>
        Submission.SubmitAsync(plan, new SubmitOptions { Owner = owner }, Cancel);

    /// <summary>A small experiment of its own for one test.</summary>
    public async Task<long> SubmitAsync(string name, params string[] lines) =>
        (await Submission.SubmitAsync(Plans.Of(name, lines), new SubmitOptions { Priority = 100 }, Cancel)).ExperimentId;

    private static ExperimentPlan Plan(string name) =>
        Planner.Plan(ExperimentReader.Read(Path.Combine(AppContext.BaseDirectory, "Studies", $"{name}.yaml")));

    private static Fate SweepFate(string job) => job switch
    {
        _ when job.StartsWith("sample/slcp-wide", StringComparison.Ordinal) => job.EndsWith('1') ? Fate.Fails : Fate.Succeeds,
        _ when !job.StartsWith("train/", StringComparison.Ordinal) => job.Contains("hidden_size_256", StringComparison.Ordinal)
            ? Fate.Stays
            : Fate.Succeeds,
        _ when job.Contains("lr_3e-4-bs_256", StringComparison.Ordinal) => Fate.Succeeds,
        _ when job.Contains("lr_3e-4-bs_1024-wd_0-", StringComparison.Ordinal) => Fate.Runs,
        _ when job.Contains("lr_1e-4-bs_256-wd_0-hidden_size_128", StringComparison.Ordinal) => Fate.Succeeds,
        _ => Fate.Stays,
    };

    private async Task AdvanceAsync(long experiment, Func<string, Fate> fate)
    {
        var worker = 0;
        while ((await Dispatch.TakeAsync("plain", 100, Cancel)) is { Count: > 0 } taken)
        {
            var names = (await SnapshotAsync(experiment)).Jobs.ToDictionary(job => job.Id, job => job.Name);
            foreach (var job in taken.Where(job => fate(names[job]) != Fate.Stays))
            {
                var by = Crew[worker++ % Crew.Length].Id;
                var ticket = await Attempts.ClaimAsync(job, by, TimeSpan.FromHours(2), Cancel)
                    ?? throw new InvalidOperationException($"no claim on {names[job]}");
                Results.Log(Store, ticket);
                switch (fate(ticket.Name))
                {
                    case Fate.Succeeds:
                        await SucceedAsync(ticket);
                        break;
                    case Fate.Fails:
                        await Attempts.EndAsync(ticket.Token, AttemptOutcome.Failed, FailureClass.User,
                            "row 4711 of shard 1 is not finite: the simulator returned NaN for theta = (0.3, -2.9, 1.1, 0.0, 0.2)", Cancel);
                        break;
                    default:
                        Attempts.Beat(by, ticket.Token, TimeSpan.FromHours(2), Results.Begin(ticket, epochs: 20 + (int)(ticket.Token % 9)));
                        break;
                }
            }

            await Graph.SettleAsync(experiment, new RetryPolicy(), Cancel);
        }
    }

    private async Task CancelAsync(string what)
    {
        await new Actions(Database, Store).DoAsync(new ActionRequest(ActionKind.Cancel, what), new Requester("operator", "login"), Cancel);
        await Graph.SettleAsync(Sweep, new RetryPolicy(), Cancel);
    }

    /// <summary>So that times on the pages look as those of a cluster do.</summary>
    private Task BackdateAsync() => ExecuteAsync(
        """
        update amnre.experiments set submitted_at = submitted_at - interval '3 hours', finished_at = finished_at - interval '40 minutes';
        update amnre.attempts set started_at = started_at - (interval '37 minutes' + (token % 9) * interval '131 seconds'), ended_at = ended_at - (token % 7) * interval '97 seconds';
        update amnre.workers set started_at = started_at - interval '4 hours', heartbeat_at = heartbeat_at - interval '3 minutes';
        """);

    /// <summary>The workers in allocations are heard of; the other stays silent.</summary>
    private async Task BeatAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            foreach (var one in Crew.Where(one => one.Slurm is not null)) Attempts.Beat(one.Id, null, Lease, null);
            await Task.Delay(TimeSpan.FromSeconds(4), _end.Token).ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }

    private enum Fate
    {
        Succeeds,
        Fails,
        Runs,

        /// <summary>Handed out, or not even that.</summary>
        Stays,
    }
}
