using Amnre.Jobs.Attempts;
using Amnre.Jobs.Dispatching;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Specs;
using Amnre.Jobs.Views;
using Amnre.Jobs.Workers;
using Amnre.Testing;

namespace Amnre.Jobs.Tests.Attempts;

/// <summary>The kind of device is part of a result's story.</summary>
public sealed class DeviceTests(TestServer server) : LedgerTest(server)
{
    private static readonly DeviceFacts Wide = new()
    {
        Processor = "AMD EPYC 9354",
        Family = "AuthenticAMD family 25",
        Vectors = "AVX-512",
        Kernels = "processor",
        Torch = "2.10.0",
        Gpu = "NVIDIA A100",
    };

    private static readonly DeviceFacts Narrow = Wide with { Processor = "AMD EPYC 7543", Vectors = "AVX2" };

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await RegisterAsync("wide", Wide);
        await RegisterAsync("narrow", Narrow);
        await RegisterAsync("wide too", Wide with { Processor = "AMD EPYC 9554", Torch = "2.11.0" });
    }

    [Fact]
    public async Task An_attempt_records_what_it_was_computed_on_and_its_threads()
    {
        var plan = Plan("e", "a", "b", "c");
        JobSpec With(int job, string settings, int gpus) =>
            plan.Jobs[job] with { Settings = settings, Resources = new JobResources { Cpus = 3, Gpus = gpus } };
        var id = (await SubmitAsync(plan with
        {
            Jobs = [With(0, """{"threads":2}""", 0), With(1, """{"threads":null}""", 0), With(2, "{}", 1)],
        })).ExperimentId;
        await StartAsync(id, "a", "wide");
        await StartAsync(id, "b", "w1");
        await Dispatch.TakeAsync(JobQueues.Gpu, 10, Cancel);
        var onGpu = await Attempts.ClaimAsync((await JobAsync(id, "c")).Id, "narrow", Lease, Cancel);

        Assert.NotNull(onGpu);
        Assert.Equal(Wide with { Gpu = null, Threads = 2 }, (await JobAsync(id, "a")).Attempt!.Device);
        Assert.Null((await JobAsync(id, "b")).Attempt!.Device);
        Assert.Equal(Narrow with { Threads = 3 }, (await JobAsync(id, "c")).Attempt!.Device);
        Assert.Equal("AMD EPYC 7543, AVX2, NVIDIA A100, libtorch 2.10.0, 3 threads", (await JobAsync(id, "c")).Attempt!.Device!.Sentence);
    }

    [Fact]
    public async Task The_database_tells_kinds_apart_as_the_program_does()
    {
        foreach (var device in (DeviceFacts[])[Wide, Narrow, Wide with { Gpu = null },
            Wide with { Kernels = "maker, MKL_ENABLE_INSTRUCTIONS=AVX2" }])
        {
            await RegisterAsync("one", device);
            Assert.Equal(device.Kind, await ScalarAsync<string>("select amnre.kind_of(device) from amnre.workers where id = 'one'"));
            Assert.Equal($"{device}", await ScalarAsync<string>("select amnre.device_text(device) from amnre.workers where id = 'one'"));
        }
    }

    [Theory]
    [InlineData("narrow", "variation", "made on AMD EPYC 9354, AVX-512, again on AMD EPYC 7543, AVX2: other hardware")]
    [InlineData("wide too", "drift", "with libtorch 2.11.0 instead of 2.10.0")]
    [InlineData("wide", "drift", "out.txt came out with other bytes than before; results")]
    [InlineData("w1", "drift", "out.txt came out with other bytes than before; results")]
    public async Task Other_bytes_are_an_alarm_unless_they_come_from_another_kind_of_device(string worker, string kind, string says)
    {
        var plan = Plan("e", "job");
        var first = await SubmitAsync(plan);
        await MakeAsync(first.ExperimentId, "wide", "as before");
        File.Delete(Store.Absolute((await Files.FilesAsync(first.ExperimentId, Cancel))[0].Path));
        var second = (await SubmitAsync(plan)).ExperimentId;
        await MakeAsync(second, worker, "otherwise");

        var told = (await Views.EventsAsync(second, 0, 100, Cancel)).Single(one => one.Kind is "drift" or "variation");
        Assert.Equal(kind, told.Kind);
        Assert.Contains(says, told.Message, StringComparison.Ordinal);
        Assert.Equal(kind == "drift", (await SnapshotAsync(second)).Warnings.Count == 1);
        var facts = await JobViews.FactsAsync((await JobAsync(second, "job")).Id, Cancel);
        Assert.Contains(JobExplanation.Of(facts!).Standing, sentence => sentence.Contains(says, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("wide", "narrow", true)]
    [InlineData("wide", "wide too", false)]
    public async Task A_training_that_was_resumed_on_another_kind_of_device_says_so(string begunOn, string resumedOn, bool isOther)
    {
        var plan = Plan("e", "job");
        var id = (await SubmitAsync(plan with { Jobs = [plan.Jobs[0] with { Kind = JobKind.Train }] })).ExperimentId;
        var begun = await StartAsync(id, "job", begunOn);
        Assert.True(await Attempts.EndAsync(begun.Token, AttemptOutcome.Drained, null, "drained", Cancel));
        await Graph.SettleAsync(id, new RetryPolicy(), Cancel);
        await MakeAsync(id, resumedOn, "made");

        var job = await JobAsync(id, "job");
        var said = JobExplanation.Of((await JobViews.FactsAsync(job.Id, Cancel))!).Standing.Where(
            sentence => sentence.Contains("it was begun on AMD EPYC 9354", StringComparison.Ordinal));
        Assert.Equal(isOther,
            said.Any(sentence => sentence.Contains("resumed on AMD EPYC 7543, AVX2 (attempt 2): other hardware",
                StringComparison.Ordinal)));
        var lineage = Assert.Single(await new LineageViews(Database).OfAsync(job.Id, 10, Cancel));
        Assert.Equal(isOther ? "AMD EPYC 7543, AVX2" : "AMD EPYC 9554, AVX-512", lineage.Device);
        Assert.Equal(isOther ? "AMD EPYC 9354, AVX-512" : null, lineage.BegunOn);
        Assert.Equal(lineage.Device, $"{Assert.Single(await JobViews.CompositionAsync(id, Cancel)).Device}");
    }

    [Fact]
    public async Task A_training_without_a_worker_of_its_kind_says_where_it_would_go_on_or_what_it_waits_for()
    {
        foreach (var (name, isHeld) in new[] { ("free", false), ("held", true) })
        {
            var plan = Plan(name, $"{name}-job");
            var id = (await SubmitAsync(plan with
            {
                Jobs = [plan.Jobs[0] with { Kind = JobKind.Train, Resources = new JobResources { SameKind = isHeld } }],
            })).ExperimentId;
            var begun = await StartAsync(id, $"{name}-job", "wide");
            Attempts.Beat("wide", begun.Token, Lease, new ReportedProgress(2, 8, "epochs", new Dictionary<string, double>()));
            Assert.True(await Attempts.EndAsync(begun.Token, AttemptOutcome.Failed, FailureClass.Preempted, "taken away", Cancel));
            await Graph.SettleAsync(id, new RetryPolicy(), Cancel);
        }

        foreach (var worker in (string[])["wide", "wide too", "w1", "w2"]) await Workers.LeaveAsync(worker, Cancel);
        Assert.Contains(await StandingAsync("free"),
            sentence => sentence.Contains("will be resumed on other hardware (AMD EPYC 7543, AVX2", StringComparison.Ordinal));
        var held = await StandingAsync("held");
        Assert.Contains(held,
            sentence => sentence.Contains("no worker fits: it was begun on AMD EPYC 9354, AVX-512, and 'same_kind' keeps it",
                StringComparison.Ordinal));
        Assert.DoesNotContain(held, sentence => sentence.Contains("will be resumed", StringComparison.Ordinal));
    }

    private async Task<IReadOnlyList<string>> StandingAsync(string experiment)
    {
        var id = await ScalarAsync<long>("select j.id from amnre.jobs j join amnre.experiments e on e.id = j.experiment_id where e.name " +
            "= @experiment", new { experiment });
        return JobExplanation.Of((await JobViews.FactsAsync(id, Cancel))!).Standing;
    }

    private Task RegisterAsync(string id, DeviceFacts device) =>
        Workers.RegisterAsync(new WorkerEntry(id, "host", 3, 1, [JobQueues.Gpu, JobQueues.Cpu], null) { Device = device }, Cancel);

    private async Task MakeAsync(long experiment, string worker, string content)
    {
        var ticket = await StartAsync(experiment, "job", worker);
        Assert.True(await Attempts.CommitAsync(ticket, Make(ticket, content), Cancel));
        await Graph.SettleAsync(experiment, new RetryPolicy(), Cancel);
    }
}
