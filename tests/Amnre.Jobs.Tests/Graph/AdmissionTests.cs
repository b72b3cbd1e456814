using Amnre.Jobs.Graph;
using Amnre.Jobs.Specs;

namespace Amnre.Jobs.Tests.Graph;

/// <summary>What follows from a decision for the jobs behind it.</summary>
public sealed class AdmissionTests
{
    /// <summary>0 decides on 1 (x) and 2 (y); 3 reads from 2; 4 reads from all that there is.</summary>
    private static readonly JobGraph Search = new([[], [0], [0], [2], [0, 1, 2]], new Dictionary<(int, int), EdgeRule>
    {
        [(1, 0)] = new("x", false) { Aside = true },
        [(2, 0)] = new("y", false) { Aside = true },
        [(4, 1)] = new(null, true),
        [(4, 2)] = new(null, true),
    });

    private static readonly string[] Names = ["d", "x", "y", "z", "all"];

    [Fact]
    public void The_reason_reaches_all_that_is_pruned_and_what_does_without_it_waits_for_the_rest()
    {
        var changes = Conclude([JobState.Running, JobState.Waiting, JobState.Waiting, JobState.Waiting, JobState.Waiting],
            Decided(true, false));

        Assert.Equal([JobState.Succeeded, JobState.Ready, JobState.Pruned, JobState.Pruned, JobState.Waiting],
            changes.Select(change => change.To.State));
        Assert.Equal(["y lost", "y lost"], changes.Where(change => change.To.State == JobState.Pruned).Select(change => change.Reason));
        Assert.Equal(1, changes[^1].To.Unmet);
    }

    [Fact]
    public void A_rerun_with_another_outcome_brings_back_what_it_pruned_and_leaves_what_ran()
    {
        var changes = Conclude([JobState.Running, JobState.Succeeded, JobState.Pruned, JobState.Pruned, JobState.Succeeded],
            Decided(false, true));

        Assert.Equal([(0, JobState.Succeeded), (2, JobState.Ready), (3, JobState.Waiting)],
            changes.Select(change => (change.Job, change.To.State)));
    }

    [Fact]
    public void The_same_outcome_again_changes_nothing_else()
    {
        var again = Conclude([JobState.Running, JobState.Succeeded, JobState.Pruned, JobState.Pruned, JobState.Succeeded],
            Decided(true, false));
        Assert.Equal(0, Assert.Single(again).Job);
    }

    [Fact]
    public void A_branch_that_the_decision_does_not_name_is_not_admitted()
    {
        var changes = Conclude([JobState.Running, JobState.Waiting, JobState.Waiting, JobState.Waiting, JobState.Waiting], []);
        Assert.Equal([JobState.Pruned, JobState.Pruned, JobState.Pruned], changes.Skip(1).Take(3).Select(change => change.To.State));
        // All that it does without is pruned, so it can run.
        Assert.Equal(JobState.Ready, changes[^1].To.State);
        Assert.Equal("d does not speak of 'x'", changes[1].Reason);
    }

    [Fact]
    public void A_submission_goes_by_a_published_decision_unless_that_runs()
    {
        var whole = new ReuseCandidate(true, null);
        var lacking = new ReuseCandidate(true, "never made");
        var known = ReuseRules.Decide(Search, [whole, whole, lacking, lacking, whole], Names, _ => Decided(true, false));
        Assert.Equal([false, false, true, true, false], known.Select(one => one.Pruned));
        Assert.All(known, one => Assert.False(one.Runs));
        Assert.Equal("y lost", known[3].Reason);

        // The decision runs: what is there stands, since its bytes do not depend on it, and the rest waits.
        var unknown = ReuseRules.Decide(Search, [lacking, whole, lacking, lacking, whole], Names, _ => Decided(true, false));
        Assert.Equal([true, false, true, true, true], unknown.Select(one => one.Runs));
    }

    private static DecidedBranch[] Decided(bool x, bool y) => [new("x", x, x ? "x won" : "x lost"), new("y", y, y ? "y won" : "y lost")];

    private static IReadOnlyList<JobChange> Conclude(JobState[] states, IReadOnlyList<DecidedBranch> decided) => GraphRules.Decide(Search,
        [.. states.Select((state, place) => new JobStanding(state, state == JobState.Waiting
            ? Search.Unmet(place, dependency => states[dependency]) : 0))],
        Names, new GraphEvent.Succeeded(0) { Decided = decided }, null);
}
