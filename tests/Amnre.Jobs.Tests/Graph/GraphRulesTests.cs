using Amnre.Jobs.Graph;
using CsCheck;

namespace Amnre.Jobs.Tests.Graph;

public sealed class GraphRulesTests
{
    private static readonly RetryPolicy Policy = new() { UserRetries = 1, ResourceRetries = 1, InfrastructureRetries = 3, PoisonAfter = 2 };

    /// <summary>A random graph of up to ten jobs, and a random history to drive it with.</summary>
    private static readonly Gen<(JobGraph Graph, (int Job, int Move)[] History)> Cases =
        from graph in Graphs.Any(10)
        from history in Gen.Select(Gen.Int[0, graph.Count - 1], Gen.Int[0, 18]).Array[0, 80]
        select (graph, history);

    [Fact]
    public void Any_history_keeps_the_graphs_laws_and_ends_when_faults_stop() => Cases.Sample(one =>
    {
        var standings = Begin(one.Graph);
        foreach (var (job, move) in one.History)
        {
            Apply(one.Graph, standings, Event(one.Graph, job, move));
            CheckLaws(one.Graph, standings);
        }

        // Faults stop: whatever can move does, and succeeds.
        for (var round = 0; round <= one.Graph.Count; round++)
        {
            for (var job = 0; job < one.Graph.Count; job++)
            {
                Apply(one.Graph, standings, new GraphEvent.Dispatched(job));
                Apply(one.Graph, standings, new GraphEvent.Claimed(job));
                Apply(one.Graph, standings, new GraphEvent.Succeeded(job));
            }
        }

        CheckLaws(one.Graph, standings);
        Assert.All(standings, standing => Assert.True(standing.State.IsFinal));
        Assert.NotEqual(ExperimentState.Running, ExperimentStates.Of(standings.Select(standing => standing.State)));
    }, iter: 20_000);

    /// <summary>What a ledger of a million jobs rests on: it reads the part alone.</summary>
    [Fact]
    public void The_part_that_events_reach_comes_to_the_same_conclusions_as_the_whole()
    {
        var parts = 0;
        Cases.Sample(one =>
        {
            var standings = Begin(one.Graph);
            foreach (var (job, move) in one.History.Take(one.History.Length / 2)) Apply(one.Graph, standings, Event(one.Graph, job, move));
            string[] names = [.. Enumerable.Range(0, one.Graph.Count).Select(job => $"job{job}")];
            foreach (var together in one.History.Skip(one.History.Length / 2).Chunk(3))
            {
                var whole = GraphFold.Fold(one.Graph, standings, names, together.Select(pair => Event(one.Graph, pair.Job, pair.Move)),
                    Policy);
                var part = GraphPart.Cut(one.Graph,
                    GraphReach.Of(one.Graph, together.Select(pair => Event(one.Graph, pair.Job, pair.Move))));
                if (part.Places.Count < one.Graph.Count) Interlocked.Increment(ref parts);
                var folded = GraphFold.Fold(
                    part.Graph, [.. part.Places.Select(place => standings[place])], [.. part.Places.Select(place => names[place])],
                    together.Select(pair => Event(one.Graph, pair.Job, pair.Move, part.Of)), Policy,
                    standings.Where((_, place) => !part.Places.Contains(place)).Select(standing => standing.State).Distinct());
                Assert.Equal(whole.Changes, folded.Changes.Select(change => change with { Job = part.Places[change.Job] }));
                Assert.Equal(whole.State, folded.State);
                foreach (var change in whole.Changes) standings[change.Job] = change.To;
            }
        }, iter: 20_000);
        Assert.True(parts > 10_000);
    }

    [Fact]
    public void A_repeated_or_late_report_changes_nothing() => Cases.Sample(one =>
    {
        var standings = Begin(one.Graph);
        foreach (var (job, move) in one.History)
        {
            var happened = Event(one.Graph, job, move);
            if (Apply(one.Graph, standings, happened) && happened is GraphEvent.Succeeded or GraphEvent.Stopped or GraphEvent.Published)
            {
                Assert.False(Apply(one.Graph, standings, happened));
                Assert.False(Apply(one.Graph, standings, new GraphEvent.Failed(job, FailureClass.User, "late")));
                Assert.False(Apply(one.Graph, standings, new GraphEvent.Lost(job, "late")));
            }
        }
    }, iter: 5_000);

    [Theory]
    [InlineData(FailureClass.User, 1)]
    [InlineData(FailureClass.Resource, 1)]
    [InlineData(FailureClass.Infrastructure, 3)]
    public void Each_class_of_failure_has_its_own_budget(FailureClass failure, int retries)
    {
        var graph = new JobGraph([[]]);
        var standings = Begin(graph);
        foreach (var other in Enum.GetValues<FailureClass>().Where(other => other != failure))
        {
            Start(graph, standings);
            Apply(graph, standings, new GraphEvent.Failed(0, other, "of another class"));
        }

        for (var attempt = 0; attempt <= retries; attempt++)
        {
            Assert.Equal(JobState.Ready, standings[0].State);
            Start(graph, standings);
            Apply(graph, standings, new GraphEvent.Failed(0, failure, "again"));
        }

        Assert.Equal(JobState.Failed, standings[0].State);
    }

    [Fact]
    public void Handing_work_back_uses_no_budget_however_often()
    {
        var graph = new JobGraph([[]]);
        var standings = Begin(graph);
        for (var time = 0; time < 1000; time++)
        {
            Start(graph, standings);
            Apply(graph, standings, new GraphEvent.Drained(0));
        }

        Assert.Equal(new JobStanding(JobState.Ready, 0), standings[0]);
    }

    [Fact]
    public void What_was_abandoned_comes_back_whole_when_each_is_asked_for_in_order() => Cases.Sample(one =>
    {
        var standings = Begin(one.Graph);
        foreach (var (job, move) in one.History) Apply(one.Graph, standings, Event(one.Graph, job, move));

        for (var job = 0; job < one.Graph.Count; job++)
        {
            var before = standings[job].State;
            var came = Apply(one.Graph, standings, new GraphEvent.RetryAsked(job));
            Assert.Equal(before.IsAbandoned, came);
            CheckLaws(one.Graph, standings);
        }

        Assert.DoesNotContain(standings, standing => standing.State.IsAbandoned);
    }, iter: 5_000);

    [Fact]
    public void A_pause_takes_back_what_no_worker_has_and_touches_nothing_else() => Cases.Sample(one =>
    {
        var standings = Begin(one.Graph);
        foreach (var (job, move) in one.History) Apply(one.Graph, standings, Event(one.Graph, job, move));
        var before = standings.ToArray();

        Apply(one.Graph, standings, new GraphEvent.PauseAsked());

        foreach (var (was, now) in before.Zip(standings))
            Assert.Equal(was.State == JobState.Queued ? was with { State = JobState.Ready } : was, now);
    }, iter: 5_000);

    [Fact]
    public void A_failure_skips_and_its_retry_revives_the_same_jobs_with_a_fresh_budget()
    {
        // 0 → 1 → 2, and 3 reads from 1 and from 4, which fails too.
        var graph = new JobGraph([[], [0], [1], [], [1, 3]]);
        var standings = Begin(graph);
        Fail(graph, standings, 0);
        Fail(graph, standings, 3);
        Assert.Equal([JobState.Failed, JobState.Skipped, JobState.Skipped, JobState.Failed, JobState.Skipped],
            standings.Select(one => one.State));

        Apply(graph, standings, new GraphEvent.RetryAsked(0));
        Assert.Equal([JobState.Ready, JobState.Waiting, JobState.Waiting, JobState.Failed, JobState.Skipped],
            standings.Select(one => one.State));
        Assert.Equal(FailureTally.None, standings[0].Failures);

        Apply(graph, standings, new GraphEvent.RetryAsked(3));
        Assert.Equal(new JobStanding(JobState.Waiting, 2), standings[4]);
        Assert.False(Apply(graph, standings, new GraphEvent.RetryAsked(3)));
    }

    [Fact]
    public void A_job_is_made_anew_only_while_nothing_under_way_reads_from_it()
    {
        var graph = new JobGraph([[], [0], [1]]);
        var standings = Begin(graph);
        Start(graph, standings);
        Apply(graph, standings, new GraphEvent.Succeeded(0));
        Assert.False(Apply(graph, standings, new GraphEvent.RerunAsked(0)));
        Apply(graph, standings, new GraphEvent.Dispatched(1));
        Apply(graph, standings, new GraphEvent.Claimed(1));
        Apply(graph, standings, new GraphEvent.Succeeded(1));

        Assert.True(Apply(graph, standings, new GraphEvent.RerunAsked(0)));
        Fail(graph, standings, 0);

        // What was made from its earlier result stays, and what reads from that may go on.
        Assert.Equal([JobState.Failed, JobState.Succeeded, JobState.Ready], standings.Select(one => one.State));
    }

    [Fact]
    public void Damage_makes_the_producer_run_again_and_the_readers_wait_while_who_runs_goes_on()
    {
        // 0 is read by 1, 2 and 3; 4 reads from 1.
        var graph = new JobGraph([[], [0], [0], [0], [1]]);
        var standings = Begin(graph);
        Start(graph, standings);
        Apply(graph, standings, new GraphEvent.Succeeded(0));
        foreach (var job in new[] { 1, 2 }) Start(graph, standings, job);
        Apply(graph, standings, new GraphEvent.Dispatched(3));

        Apply(graph, standings, new GraphEvent.Damaged(1, [0], "x.h5 is damaged"));
        Assert.Equal([JobState.Ready, JobState.Waiting, JobState.Running, JobState.Waiting, JobState.Waiting],
            standings.Select(one => one.State));
        Apply(graph, standings, new GraphEvent.Drained(2));
        Assert.Equal(new JobStanding(JobState.Waiting, 1), standings[2]);

        Start(graph, standings);
        Apply(graph, standings, new GraphEvent.Succeeded(0));
        Assert.Equal([JobState.Succeeded, JobState.Ready, JobState.Ready, JobState.Ready, JobState.Waiting],
            standings.Select(one => one.State));
        Assert.Equal(FailureTally.None, standings[1].Failures);
    }

    [Fact]
    public void A_result_that_is_damaged_again_and_again_fails_with_what_happened_and_a_retry_brings_all_back()
    {
        var graph = new JobGraph([[], [0], [1]]);
        var standings = Begin(graph);
        Start(graph, standings);
        Apply(graph, standings, new GraphEvent.Succeeded(0));
        standings[0] = standings[0] with { Failures = FailureTally.None with { Damages = Policy.DamageRetries + 1 } };
        Start(graph, standings, 1);

        var changes = GraphRules.Decide(graph, standings, ["a", "b", "c"], new GraphEvent.Damaged(1, [0], "x.h5 is damaged"), Policy);
        Assert.Equal("its results were found damaged or lost 4 times; the last: x.h5 is damaged", changes[0].Reason);
        Apply(graph, standings, new GraphEvent.Damaged(1, [0], "x.h5 is damaged"));
        Assert.Equal([JobState.Failed, JobState.Skipped, JobState.Skipped], standings.Select(one => one.State));

        Apply(graph, standings, new GraphEvent.RetryAsked(0));
        Assert.Equal([JobState.Ready, JobState.Waiting, JobState.Waiting], standings.Select(one => one.State));
    }

    [Fact]
    public void What_cannot_be_made_again_is_skipped_with_its_readers()
    {
        // 1 was made from 0, which failed when it was made again.
        var graph = new JobGraph([[], [0], [1], [1]]);
        JobStanding[] standings = [new(JobState.Failed, 0), new(JobState.Reused, 0), new(JobState.Running, 0), new(JobState.Ready, 0)];

        Apply(graph, standings, new GraphEvent.Damaged(2, [1], "x.h5 is lost"));
        Assert.Equal([JobState.Failed, JobState.Skipped, JobState.Skipped, JobState.Skipped], standings.Select(one => one.State));
        Apply(graph, standings, new GraphEvent.RetryAsked(0));
        Assert.Equal([JobState.Ready, JobState.Waiting, JobState.Waiting, JobState.Waiting], standings.Select(one => one.State));
    }

    [Fact]
    public void Delays_double_up_to_the_longest()
    {
        var policy = new RetryPolicy { FirstDelay = TimeSpan.FromSeconds(1), LongestDelay = TimeSpan.FromSeconds(10) };

        Assert.Equal([1, 2, 4, 8, 10, 10], Enumerable.Range(0, 6).Select(n => policy.Delay(n).TotalSeconds));
        Assert.Equal(10, policy.Delay(int.MaxValue).TotalSeconds);
    }

    [Fact]
    public void A_job_that_reads_from_itself_or_from_a_later_one_is_no_graph()
    {
        Assert.Throws<ArgumentException>(() => new JobGraph([[0]]));
        Assert.Throws<ArgumentException>(() => new JobGraph([[1], []]));
    }

    private static void Start(JobGraph graph, JobStanding[] standings, int job = 0)
    {
        Apply(graph, standings, new GraphEvent.Dispatched(job));
        Apply(graph, standings, new GraphEvent.Claimed(job));
    }

    /// <summary>Runs a job into the end of its user's budget.</summary>
    private static void Fail(JobGraph graph, JobStanding[] standings, int job)
    {
        for (var attempt = 0; attempt <= Policy.UserRetries; attempt++)
        {
            Apply(graph, standings, new GraphEvent.Dispatched(job));
            Apply(graph, standings, new GraphEvent.Claimed(job));
            Apply(graph, standings, new GraphEvent.Failed(job, FailureClass.User, "fault"));
        }
    }

    private static JobStanding[] Begin(JobGraph graph) => [.. Enumerable.Range(0, graph.Count).Select(job =>
        new JobStanding(graph.Dependencies(job).Count == 0 ? JobState.Ready : JobState.Waiting, graph.Dependencies(job).Count))];

    private static GraphEvent Event(JobGraph graph, int job, int move) => Event(graph, job, move, place => place);

    /// <param name="of">Where a job is in the part of the graph that the event is for.</param>
    private static GraphEvent Event(JobGraph graph, int chosen, int move, Func<int, int> of) => Event(graph, chosen, of(chosen), move, of);

    private static GraphEvent Event(JobGraph graph, int chosen, int job, int move, Func<int, int> of) => move switch
    {
        0 or 1 => new GraphEvent.Dispatched(job),
        2 or 3 => new GraphEvent.Claimed(job),
        4 or 5 => new GraphEvent.Succeeded(job),
        6 => new GraphEvent.Failed(job, (FailureClass)(chosen % 4), "fault"),
        7 => new GraphEvent.Lost(job, "silence"),
        8 => new GraphEvent.Drained(job),
        9 => new GraphEvent.Undelivered(job),
        10 => new GraphEvent.RetryAsked(job),
        11 => new GraphEvent.RerunAsked(job),
        12 => new GraphEvent.JobCancelAsked(job),
        13 => new GraphEvent.PauseAsked(),
        14 => chosen == 0 ? new GraphEvent.CancelAsked() : new GraphEvent.RetryAsked(job),
        15 => new GraphEvent.Stopped(job),
        16 => new GraphEvent.Damaged(job, [.. graph.Dependencies(chosen).Select(of)], "damaged"),
        17 => new GraphEvent.Damaged(job, [.. graph.Dependencies(chosen).Take(1).Select(of)], "damaged"),
        _ => new GraphEvent.Published(job, "another"),
    };

    private static bool Apply(JobGraph graph, JobStanding[] standings, GraphEvent happened)
    {
        var names = Enumerable.Range(0, graph.Count).Select(job => $"job{job}").ToArray();
        var changes = GraphRules.Decide(graph, standings, names, happened, Policy);
        foreach (var change in changes)
        {
            Assert.Equal(change.From, standings[change.Job].State);
            if (happened is not GraphEvent.Damaged)
                Assert.Equal(change.From.IsFinal, happened is GraphEvent.RetryAsked or GraphEvent.RerunAsked);
            if (happened is GraphEvent.Damaged && change.From.IsFinal) Assert.True(change.From.IsDone);
            standings[change.Job] = change.To;
        }

        return changes.Count > 0;
    }

    /// <summary>What the states must be by themselves, worked out from the definitions alone.</summary>
    private static void CheckLaws(JobGraph graph, JobStanding[] standings)
    {
        for (var job = 0; job < graph.Count; job++)
        {
            var dependencies = graph.Dependencies(job).Select(dependency => standings[dependency].State).ToList();
            var abandoned = dependencies.Any(state => state.IsAbandoned);
            var unmet = dependencies.Count(state => !state.IsDone);
            switch (standings[job].State)
            {
                case JobState.Waiting:
                    Assert.False(abandoned);
                    Assert.True(unmet > 0);
                    Assert.Equal(unmet, standings[job].Unmet);
                    break;
                case JobState.Skipped:
                    Assert.True(abandoned);
                    break;
                case JobState.Succeeded or JobState.Reused or JobState.Failed or JobState.Cancelled:
                    break; // What it read from may be made again, or given up, since.
                case JobState.Running:
                    Assert.Equal(0, standings[job].Unmet);
                    break; // What it has read may be made again meanwhile.
                default:
                    Assert.Equal(0, unmet);
                    break;
            }
        }
    }
}
