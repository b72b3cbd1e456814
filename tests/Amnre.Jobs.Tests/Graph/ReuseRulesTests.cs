using System.Numerics;
using Amnre.Jobs.Graph;
using CsCheck;

namespace Amnre.Jobs.Tests.Graph;

public sealed class ReuseRulesTests
{
    private static readonly Gen<(JobGraph Graph, bool[] Wanted, bool[] Good)> Cases =
        from graph in Graphs.Any(8)
        from wanted in Gen.Bool.Array[graph.Count]
        from good in Gen.Bool.Array[graph.Count]
        select (graph, wanted, good);

    [Fact]
    public void What_runs_is_the_least_set_that_the_rules_allow() => Cases.Sample(one =>
    {
        var candidates = one.Wanted.Zip(one.Good, (wanted, good) => new ReuseCandidate(wanted, good ? null : "missing")).ToList();

        var decided = ReuseRules.Decide(
            one.Graph, candidates, [.. Enumerable.Range(0, one.Graph.Count).Select(job => $"job{job}")], _ => null);

        var runs = decided.Select((decision, job) => decision.Runs ? 1 << job : 0).Sum();
        Assert.True(IsClosed(one, runs));
        // Every subset that obeys the rules holds it: so it is the least.
        Assert.All(Enumerable.Range(0, 1 << one.Graph.Count).Where(set => IsClosed(one, set)), set => Assert.Equal(runs, runs & set));
        Assert.Equal(decided.Count(decision => decision.Runs), BitOperations.PopCount((uint)runs));
    }, iter: 3_000);

    private static bool IsClosed((JobGraph Graph, bool[] Wanted, bool[] Good) one, int set)
    {
        return Enumerable.Range(0, one.Graph.Count).All(job => Has(job)
            ? one.Graph.Dependencies(job).All(dependency => one.Good[dependency] || Has(dependency)) && one.Graph.Dependents(job).All(Has)
            : !one.Wanted[job] || one.Good[job]);

        bool Has(int job) => ((set >> job) & 1) == 1;
    }
}
