using Amnre.Jobs.Graph;
using CsCheck;

namespace Amnre.Jobs.Tests.Graph;

public sealed class GraphRulesTests
{
    private static readonly RetryPolicy Policy = new() { UserRetries = 1, ResourceRetries = 1, InfrastructureRetries = 3, PoisonAfter = 2 };

    /// <summary>A random graph of up to ten jobs, and a random history to drive it with.</summary>
    private static readonly Gen<(JobGraph Graph, (int Job, int Move)[] History)> Cases =
        from graph in Graphs.Any(10)
        from history in Gen.Select(Gen.Int[0, graph.Count - 1], Gen.Int[0, 10]).Array[0, 60]
        select (graph, history);

    [Fact]
    public void Any_history_keeps_the_graphs_laws_and_ends_when_faults_stop() => Cases.Sample(one =>
    {
        var standings = Begin(one.Graph);
        foreach (var (job, move) in one.History)
        {
            Apply(one.Graph, standings, Event(job, move));
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

    [Fact]
    public void A_repeated_or_late_report_changes_nothing() => Cases.Sample(one =>
    {
        var standings = Begin(one.Graph);
        foreach (var (job, move) in one.History)
        {
            var happened = Event(job, move);
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

    private static void Start(JobGraph graph, JobStanding[] standings)
    {
        Apply(graph, standings, new GraphEvent.Dispatched(0));
        Apply(graph, standings, new GraphEvent.Claimed(0));
    }

    private static JobStanding[] Begin(JobGraph graph) => [.. Enumerable.Range(0, graph.Count).Select(job =>
        new JobStanding(graph.Dependencies(job).Count == 0 ? JobState.Ready : JobState.Waiting, graph.Dependencies(job).Count))];

    private static GraphEvent Event(int job, int move) => move switch
    {
        0 or 1 => new GraphEvent.Dispatched(job),
        2 or 3 => new GraphEvent.Claimed(job),
        4 or 5 => new GraphEvent.Succeeded(job),
        6 => new GraphEvent.Failed(job, (FailureClass)(job % 4), "fault"),
        7 => new GraphEvent.Lost(job, "silence"),
        8 => new GraphEvent.Drained(job),
        9 => new GraphEvent.Undelivered(job),
        _ => new GraphEvent.Published(job, "another"),
    };

    private static bool Apply(JobGraph graph, JobStanding[] standings, GraphEvent happened)
    {
        var names = Enumerable.Range(0, graph.Count).Select(job => $"job{job}").ToArray();
        var changes = GraphRules.Decide(graph, standings, names, happened, Policy);
        foreach (var change in changes)
        {
            Assert.Equal(change.From, standings[change.Job].State);
            Assert.False(change.From.IsFinal);
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
            var failed = dependencies.Any(state => state is JobState.Failed or JobState.Skipped);
            var unmet = dependencies.Count(state => !state.IsDone);
            switch (standings[job].State)
            {
                case JobState.Waiting:
                    Assert.False(failed);
                    Assert.True(unmet > 0);
                    Assert.Equal(unmet, standings[job].Unmet);
                    break;
                case JobState.Skipped:
                    Assert.True(failed);
                    break;
                default:
                    Assert.Equal(0, unmet);
                    break;
            }
        }
    }
}
