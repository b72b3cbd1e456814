using Amnre.Jobs.Graph;
using Amnre.Simulation.Tests.Audit;
using Amnre.Simulation.Tests.Memory;
using Amnre.Simulation.Tests.Worlds;

namespace Amnre.Simulation.Tests.Histories;

/// <summary>What a history came to.</summary>
/// <param name="Violation">Null when everything held.</param>
internal sealed record HistoryReport(
    long Seed, string? Violation, IReadOnlyList<string> Trace, TimeSpan Lasted, long Steps, int Claims, int Commits, int Losses,
    IReadOnlyDictionary<string, int> Faults);

/// <summary>One seeded history: experiments run, faults strike, people interfere, all is made good, and everything must come to its
/// end.</summary>
internal static class History
{
    /// <summary>I4: how long after the last fault everything may take.</summary>
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(3000);

    public static HistoryReport Run(long seed, Mutation mutation = Mutation.None, bool traced = false)
    {
        var world = new World(seed, traced);
        var scenario = new Scenario(world);
        var database = new SimulatedDatabase(world) { Lingering = scenario.Lingering };
        var store = new SimulatedStore();
        var auditor = new Auditor(world, database, store, scenario.Retry, scenario.Lease);
        database.Ledger = new MemoryLedger(() => database.Now, mutation, auditor.Record);
        var cluster = new Cluster(world, database, store, auditor, scenario, mutation);
        var person = new Person(world, database, auditor, scenario, mutation);
        var faults = new Faults(world, database, store, auditor, cluster);
        faults.Begin(scenario.MeanBetweenFaults, scenario.Calm);
        world.After(scenario.Calm, null, () =>
        {
            world.Say("******  calm");
            faults.Heal();
        });

        while (auditor.Violation is null && cluster.Fault is null && person.Process.Fault is null && !Over())
        {
            if (!world.Step()) break;
        }

        if (auditor.Violation is null) auditor.AtTheEnd();
        var violation = auditor.Violation ?? (cluster.Fault ?? person.Process.Fault)?.ToString();
        return new HistoryReport(seed, violation, world.Trace, world.Time, world.Steps, auditor.Claims, auditor.Commits, auditor.Losses,
            faults.Struck);

        bool Over() => world.Time > scenario.Calm + Recovery
            || (world.Time > scenario.Calm && person.IsContent && database.Ledger.Unfolded.Count == 0
                && database.Ledger.Experiments.TrueForAll(experiment => experiment.State != ExperimentState.Running)
                && database.Ledger.Open.Count == 0);
    }
}
