using Amnre.Jobs.Graph;
using Amnre.Jobs.Specs;
using Amnre.Simulation.Tests.Worlds;
using Amnre.Testing;

namespace Amnre.Simulation.Tests.Histories;

/// <summary>What a history is about: drawn from its world's chance before anything happens.</summary>
internal sealed class Scenario
{
    public Scenario(World world)
    {
        Workers = world.Random.Next(1, 5);
        Schedulers = world.Random.Next(1, 3);
        Calm = TimeSpan.FromSeconds(world.Random.Next(30, 150));
        MeanBetweenFaults = world.Any([4.0, 10.0, 25.0, 1000.0]);
        MeanBetweenWishes = world.Any([8.0, 25.0, 1000.0]);
        Lingering = world.Any([0.0, 0.002, 0.02]);
        Lease = TimeSpan.FromSeconds(world.Any([8, 16, 30]));
        Retry = new RetryPolicy
        {
            PoisonAfter = world.Any([3, 5, 50]),
            LongestDelay = TimeSpan.FromSeconds(20),
            UserRetries = world.Any([0, 0, 1]),
        };
        DeliveryTimeout = TimeSpan.FromSeconds(world.Any([4, 15]));
        var shared = Lines(world);
        Plans = [.. Enumerable.Range(0, world.Random.Next(1, 4))
            .Select(n => Testing.Plans.Of($"e{n}", world.Chance(0.4) ? shared : Lines(world)))
            .Select((plan, n) => n == 1 ? KeptOnTheirKind(plan) : plan)];
    }

    public int Workers { get; }

    public int Schedulers { get; }

    /// <summary>When the last fault has happened.</summary>
    public TimeSpan Calm { get; }

    public double MeanBetweenFaults { get; }

    /// <summary>Seconds between the wishes of people: cancel, pause, retry and so on.</summary>
    public double MeanBetweenWishes { get; }

    public double Lingering { get; }

    public TimeSpan Lease { get; }

    public RetryPolicy Retry { get; }

    public TimeSpan DeliveryTimeout { get; }

    public IReadOnlyList<ExperimentPlan> Plans { get; }

    private static ExperimentPlan KeptOnTheirKind(ExperimentPlan plan) =>
        plan with { Jobs = [.. plan.Jobs.Select(job => job with { Resources = job.Resources with { SameKind = true } })] };

    private static string[] Lines(World world)
    {
        if (world.Chance(0.3)) return Search(world);
        var wide = world.Chance(0.1);
        var count = wide ? world.Random.Next(14, 25) : world.Random.Next(1, 9);
        return [.. Enumerable.Range(0, count).Select(place =>
        {
            var from = wide ? [] : Enumerable.Range(0, place).Where(_ => world.Chance(1.5 / count)).Select(dependency => $"j{dependency}");
            // Mostly short, some longer than a lease.
            var seconds = world.Chance(0.15) ? world.Random.Next(20, 60) : world.Random.Next(1, 8);
            return $"j{place}: {string.Join(' ', from)} | {(world.Chance(0.04) ? "fail" : "run")} {seconds}";
        })];
    }

    /// <summary>Candidates, a decision on them, those that it admits once more, another decision, and what reads it all.</summary>
    private static string[] Search(World world)
    {
        var n = world.Random.Next(2, 5);
        var branches = string.Join(' ', Enumerable.Range(0, n).Select(i => $"b{i}"));
        IEnumerable<string> Each(Func<int, string> line) => Enumerable.Range(0, n).Select(line);
        string Takes() => $"{(world.Chance(0.02) ? "fail" : "run")} {world.Random.Next(1, 8)}";
        return
        [
            "data | run 2",
            .. Each(i => $"c{i}: data | {Takes()}"),
            $"d1: {string.Join(' ', Each(i => $"c{i}"))} | {PlayedDecision.Word} {world.Random.Next(1, 4)} {branches}",
            .. Each(i => $"r{i}: data d1=b{i} c{i} | {Takes()}"),
            $"d2: d1 {string.Join(' ', Each(i => $"r{i}?"))} | {PlayedDecision.Word} {world.Random.Next(1, 4)} {branches}",
            .. Each(i => $"f{i}: d2=b{i} r{i} | {Takes()}"),
            $"best: d2 {string.Join(' ', Each(i => $"f{i}?"))} | run 1",
            "use: best | run 1",
        ];
    }
}
