using System.Globalization;
using Amnre.Simulation.Tests.Worlds;

namespace Amnre.Simulation.Tests.Scale;

/// <summary>The design at scale, on virtual time: what docs/scale.md quotes. AMNRE_SCALE_JOBS and AMNRE_SCALE_WORKERS say how much of the
/// first.</summary>
public sealed class ScaleTests(ITestOutputHelper output)
{
    private const double Seconds = 60;

    private static readonly int Jobs = Asked("AMNRE_SCALE_JOBS", 10_000), Workers = Asked("AMNRE_SCALE_WORKERS", 1_000);

    [Fact]
    public void A_large_sweep_keeps_all_workers_busy()
    {
        var began = TimeProvider.System.GetTimestamp();
        var world = new ScaleWorld(Workers, ScalePlans.Sweep(Jobs / 4, Seconds));
        world.Pass(TimeSpan.FromSeconds(3 * Seconds));
        var (from, rounds, claims, before) = (world.Time, world.Rounds, world.Claims, new Dictionary<string, long>(world.Database.Asked));
        var window = TimeSpan.FromSeconds(Math.Max(Seconds, 0.5 * Jobs * Seconds / Workers));
        world.Pass(window);
        var seconds = (world.Time - from).TotalSeconds;
        var rate = (world.Claims - claims) / seconds;
        Say($"{Workers} workers, {Jobs} jobs of {Seconds:0} s on average; in {seconds:0} s in the middle, a second: {rate:0.0} claims, " +
            $"{(world.Rounds - rounds) / seconds:0.0} rounds of the leader");
        var statements = world.Database.Asked
            .Select(one => (one.Key, Rate: (one.Value - before.GetValueOrDefault(one.Key)) / seconds))
            .ToList();
        var often = statements.Where(one => one.Rate >= 0.05).OrderByDescending(one => one.Rate).Select(one => $"{one.Key} {one.Rate:0.0}");
        Say($"  statements a second: {statements.Sum(one => one.Rate):0}: {string.Join(", ", often)}");
        world.Finish();
        var ideal = world.Experiment.Jobs.Sum(job => double.Parse(job.Spec.Settings.Split(' ', '"')[^2], CultureInfo.InvariantCulture))
            / Workers;
        Say($"  all {Jobs} jobs done, one attempt each, in {world.Time.TotalSeconds:0} s; {world.Time.TotalSeconds / ideal:0.000} times " +
            $"what the work alone takes ({world.Steps} steps, simulated in {TimeProvider.System.GetElapsedTime(began).TotalSeconds:0} s)");
        Assert.Equal(Jobs / 4 * 4, world.Claims);
        Assert.True(Jobs < 10 * Workers || rate > 0.95 * Workers / Seconds, $"{rate} claims a second of {Workers / Seconds}");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Chains_go_on_among_idle_workers(bool hintsToAll)
    {
        const int Chains = 20, Length = 50;
        var world = new ScaleWorld(1000, ScalePlans.Chains(Chains, Length, seconds: 1), hintsToAll);
        world.Pass(TimeSpan.FromSeconds(20));
        var (claims, looks, heard) = (world.Claims, Looks(world), world.Database.Hints.Heard);
        world.Finish();
        var done = world.Claims - claims;
        world.Gaps.Sort();
        Say($"{Chains} chains of jobs of 1 s, 1000 workers, {(hintsToAll ? "hints to all" : "hints to as many as needed")}: parent ended " +
            $"to child claimed {1e3 * world.Gaps[world.Gaps.Count / 2]:0} ms, 95 % within " +
            $"{1e3 * world.Gaps[world.Gaps.Count * 95 / 100]:0} ms, most {1e3 * world.Gaps[^1]:0} ms; for each job " +
            $"{(Looks(world) - looks) / (double)done:0.0} looks of workers into their queues");
        Assert.True(world.Gaps[world.Gaps.Count / 2] < 0.5);
        Assert.True(hintsToAll || Looks(world) - looks < 10 * done);

        static long Looks(ScaleWorld world) => world.Database.Asked.GetValueOrDefault(nameof(SimulatedConnection.FetchAsync));
    }

    [Fact]
    public void Two_minutes_without_the_database_cost_what_was_under_way_and_nothing_else()
    {
        var world = new ScaleWorld(1000, ScalePlans.Sweep(2500, Seconds));
        world.Pass(TimeSpan.FromSeconds(200));
        world.Database.Crash();
        world.Pass(TimeSpan.FromSeconds(120));
        world.Database.Recover();
        var (back, claims) = (world.Time, world.Claims);
        world.RunUntil(() => world.Claims > claims);
        var first = world.Time - back;
        world.RunUntil(() => world.Claims - claims >= 900 && world.Running >= 900);
        var most = world.Time - back;
        world.Finish();
        Say($"database away for 120 s, 1000 workers busy with jobs of {Seconds:0} s: {world.Wasted.Count} attempts came to nothing " +
            $"(their workers stopped them when their leases had run out), first claim {first.TotalSeconds:0.0} s after its return, 900 " +
            $"newly claimed and running after {most.TotalSeconds:0.0} s; every job done once");
    }

    [Fact]
    public void Three_hundred_workers_that_vanish_are_missed_within_their_lease()
    {
        var world = new ScaleWorld(1000, ScalePlans.Sweep(2500, Seconds));
        world.Pass(TimeSpan.FromSeconds(200));
        var killed = world.Time;
        var held = world.Kill(300);
        world.RunUntil(() => held.All(attempt => attempt.EndedAt is not null));
        var missed = world.Time - killed;
        world.RunUntil(
            () => held.All(attempt => attempt.Job.Attempts.Count > 1 || attempt.Job.State == Amnre.Jobs.Graph.JobState.Succeeded));
        var again = held.Where(attempt => attempt.Job.Attempts.Count > 1)
            .Select(attempt => (attempt.Job.Attempts[1].StartedAt - killed).TotalSeconds).Order().ToList();
        world.Finish();
        var times = world.Wasted.Where(one => held.Contains(one.Attempt)).Select(one => (one.At - killed).TotalSeconds).Order().ToList();
        Say($"300 of 1000 workers vanish with {held.Count} attempts: given up after {times[0]:0.0} to {missed.TotalSeconds:0.0} s, begun " +
            $"again elsewhere after {again[again.Count / 2]:0.0} s (median), all after {again[^1]:0.0} s; {world.Wasted.Count} attempts " +
            "came to nothing in all, every job done once");
        Assert.Equal(held.Count, world.Wasted.Count);
        Assert.True(missed < TimeSpan.FromSeconds(35));
    }

    private static int Asked(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var asked) ? asked : otherwise;

    private void Say(string text) => output.WriteLine(text);
}
