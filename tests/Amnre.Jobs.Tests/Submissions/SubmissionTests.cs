using Amnre.Engine;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Specs;
using Amnre.Jobs.Submissions;
using Amnre.Testing;

namespace Amnre.Jobs.Tests.Submissions;

public sealed class SubmissionTests(TestServer server) : LedgerTest(server)
{
    private static readonly string[] Study = ["[shard1]", "[shard2]", "data: shard1 shard2", "train: data", "eval: train data",
        "plot: eval"];

    [Fact]
    public async Task The_same_plan_attaches_while_it_is_under_way_even_when_sent_many_times_at_once()
    {
        var plan = Plan("e", Study);

        var sent = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => SubmitAsync(plan)));

        Assert.Single(sent, one => !one.Attached);
        Assert.Single(sent.Select(one => one.ExperimentId).Distinct());
        Assert.Equal(6, await ScalarAsync<int>("select count(*)::int from amnre.jobs"));
    }

    [Fact]
    public async Task Another_plan_of_the_same_name_is_refused_until_the_first_has_ended()
    {
        var first = await SubmitAsync(Plan("e", "job"));
        await Assert.ThrowsAsync<OtherPlanException>(() => SubmitAsync(Plan("e", "job | 2")));
        await RunAllAsync(first.ExperimentId);

        var second = await SubmitAsync(Plan("e", "job | 2"));

        Assert.Equal(2, second.Version);
        Assert.Equal(new SubmittedJob("job", true, "changed: settings \"1\" → \"2\""), Assert.Single(second.Jobs));
    }

    [Fact]
    public async Task A_finished_experiment_submitted_again_is_reused_as_a_whole()
    {
        var plan = Plan("e", Study);
        await RunAllAsync((await SubmitAsync(plan)).ExperimentId);

        var again = await SubmitAsync(plan);

        Assert.All(again.Jobs, job => Assert.False(job.Runs));
        var end = await SnapshotAsync(again.ExperimentId);
        Assert.Equal((ExperimentState.Succeeded, 6), (end.Experiment.State, end.Experiment.Reused));
        Assert.Equal("its results are published: its files are there, with their sizes", end.Jobs[0].Reason);
        Assert.All((await Submission.SubmitAsync(plan, new SubmitOptions { VerifyDigests = true }, Cancel)).Jobs,
            job => Assert.Equal((false, "its results are published, and their digests were compared"), (job.Runs, job.Reason)));
        Assert.Equal(4, (await Files.LinksAsync(again.ExperimentId, Cancel)).Count);
    }

    [Fact]
    public async Task A_plan_larger_than_a_block_is_whole_and_its_jobs_read_from_other_blocks()
    {
        var id = (await SubmitAsync(
            Plan("e", ["first", .. Enumerable.Range(0, 10_000).Select(n => $"job{n}"), "last: first job9999"]))).ExperimentId;

        Assert.Equal(10_002, await ScalarAsync<int>("select count(*)::int from amnre.jobs where experiment_id = @id", new { id }));
        Assert.Equal(2, (await JobAsync(id, "last")).Unmet);
        await RunAsync(id, "first");
        Assert.Equal(1, (await JobAsync(id, "last")).Unmet);
        Assert.Equal(ExperimentState.Running, (await SnapshotAsync(id)).Experiment.State);
    }

    [Fact]
    public async Task Another_experiment_reuses_what_it_shares()
    {
        await RunAllAsync((await SubmitAsync(Plan("e", Study))).ExperimentId);

        var other = await SubmitAsync(Plan("other", [.. Study[..3], "train: data | wider"]));

        Assert.Equal([false, false, false, true], other.Jobs.Select(job => job.Runs));
    }

    [Theory]
    [InlineData("shard1", "")]
    [InlineData("data", "data train eval plot")]
    [InlineData("shard1 data", "shard1 data train eval plot")]
    [InlineData("train", "train eval plot")]
    [InlineData("eval", "eval plot")]
    [InlineData("plot", "plot")]
    [InlineData("shard1 plot", "plot")]
    public async Task What_is_missing_runs_again_with_everything_made_from_it_and_nothing_else(string deleted, string runs)
    {
        var plan = Plan("e", Study);
        var first = await SubmitAsync(plan);
        await RunAllAsync(first.ExperimentId);
        var files = await Files.FilesAsync(first.ExperimentId, Cancel);
        foreach (var name in deleted.Split(' '))
        {
            File.Delete(Store.Absolute(files.Single(file => file.Job == name).Path));
        }

        var again = await SubmitAsync(plan);

        Assert.Equal(runs, string.Join(' ', again.Jobs.Where(job => job.Runs).Select(job => job.Name)));
        await RunAllOrNothingAsync(again);
        Assert.Equal(ExperimentState.Succeeded, (await SnapshotAsync(again.ExperimentId)).Experiment.State);
    }

    [Fact]
    public async Task A_truncated_file_is_noticed_always_and_a_changed_one_when_asked()
    {
        var plan = Plan("e", "job");
        var first = await SubmitAsync(plan);
        await RunAllAsync(first.ExperimentId);
        var path = Store.Absolute((await Files.FilesAsync(first.ExperimentId, Cancel))[0].Path);
        var text = await File.ReadAllTextAsync(path, Cancel);
        await File.WriteAllTextAsync(path, new string('x', text.Length), Cancel);

        Assert.False((await SubmitAsync(plan)).Jobs[0].Runs);
        var verified = await Submission.SubmitAsync(plan, new SubmitOptions { VerifyDigests = true }, Cancel);

        Assert.True(verified.Jobs[0].Runs);
        Assert.Contains("digest", verified.Jobs[0].Reason, StringComparison.Ordinal);
        await RunAllAsync(verified.ExperimentId);
        path = Store.Absolute((await Files.FilesAsync(verified.ExperimentId, Cancel))[0].Path);
        await File.WriteAllTextAsync(path, "short", Cancel);
        Assert.Contains("bytes instead of", (await SubmitAsync(plan)).Jobs[0].Reason, StringComparison.Ordinal);
    }

    /// <summary>One shared by two experiments: what is found for the one is not reused by the other.</summary>
    [Fact]
    public async Task What_is_found_damaged_before_reuse_is_withdrawn_for_all_and_comes_out_as_it_was()
    {
        await RunAllAsync((await SubmitAsync(Plan("e", Study))).ExperimentId);
        var other = Plan("other", [.. Study[..3]]);
        await RunAllOrNothingAsync(await SubmitAsync(other));
        var data = (await Files.FilesAsync((await SubmitAsync(Plan("e", Study))).ExperimentId, Cancel)).Single(file => file.Job == "data");
        var text = await File.ReadAllTextAsync(Store.Absolute(data.Path), Cancel);
        await File.WriteAllTextAsync(Store.Absolute(data.Path), new string('x', text.Length), Cancel);

        var verified = await Submission.SubmitAsync(Plan("e", Study), new SubmitOptions { VerifyDigests = true }, Cancel);

        var reason = verified.Jobs.Single(job => job.Name == "data").Reason;
        Assert.StartsWith("out.txt does not have the digest it was published with: SHA-256 ", reason, StringComparison.Ordinal);
        Assert.Equal("data train eval plot", string.Join(' ', verified.Jobs.Where(job => job.Runs).Select(job => job.Name)));
        Assert.Equal(reason, (await SubmitAsync(other)).Jobs.Single(job => job.Name == "data").Reason);
        await RunAllAsync(verified.ExperimentId);
        var remade = (await Files.FilesAsync(verified.ExperimentId, Cancel)).Single(file => file.Job == "data");
        Assert.Equal(text, await File.ReadAllTextAsync(Store.Absolute(remade.Path), Cancel));
        Assert.Contains("data: made again, byte for byte as before",
            await ScalarAsync<string>("select string_agg(message, '; ') from amnre.events where kind = 'confirmed'"),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_of_a_refused_plan_is_written()
    {
        var error = await Assert.ThrowsAsync<InputException>(() => SubmitAsync(new ExperimentPlan("artifacts", "", [])));
        Assert.Contains("artifacts", error.Message, StringComparison.Ordinal);
        var job = Plan("e", "job").Jobs[0];
        await Assert.ThrowsAsync<InputException>(() => SubmitAsync(new ExperimentPlan("e", "", [job, job])));
        await Assert.ThrowsAsync<InputException>(
            () => SubmitAsync(new ExperimentPlan("e", "", [job with { Inputs = [new JobInput("in", "later", "x")] }])));
        await Assert.ThrowsAsync<InputException>(
            () => SubmitAsync(new ExperimentPlan("e", "", [job with { Outputs = [new JobOutput("../x", null)] }])));
        await Assert.ThrowsAsync<InputException>(
            () => SubmitAsync(new ExperimentPlan("e", "", [job with { Outputs = [new JobOutput("x", "/etc/passwd")] }])));
        await Assert.ThrowsAsync<InputException>(() => SubmitAsync(new ExperimentPlan("../e", "", [job])));

        Assert.Equal(0, await ScalarAsync<int>("select count(*)::int from amnre.experiments"));
    }

    [Fact]
    public async Task Ten_thousand_jobs_are_one_transaction_of_a_few_seconds()
    {
        var lines = Enumerable.Range(0, 9_999).Select(n => $"[shard{n}]")
            .Append("data: " + string.Join(' ', Enumerable.Range(0, 9_999).Select(n => $"shard{n}")));
        var plan = Plan("e", [.. lines]);
        var started = TimeProvider.System.GetTimestamp();

        var submitted = await SubmitAsync(plan);

        // A few seconds on a usual machine; a slow and busy one gets through what grows with the jobs, not with their square.
        Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromMinutes(3));
        Assert.Equal(1, await ScalarAsync<int>("select count(distinct x)::int from (select xmin::text as x from amnre.jobs union all " +
            "select xmin::text from amnre.edges) written"));
        Assert.Equal(9_999, (await SnapshotAsync(submitted.ExperimentId)).Jobs[^1].Unmet);
    }

    private async Task RunAllOrNothingAsync(Submitted submitted)
    {
        if (submitted.Jobs.Any(job => job.Runs))
        {
            await RunAllAsync(submitted.ExperimentId);
        }
    }
}
