using System.Collections.Concurrent;
using System.Globalization;
using Amnre.Simulation.Tests.Memory;

namespace Amnre.Simulation.Tests.Histories;

/// <summary>Ten thousand histories of faults, each a function of its seed.</summary>
public sealed class HistoryTests(ITestOutputHelper output)
{
    private const int Histories = 10_000;

    /// <summary>Seeds of this run; each run looks at others, and a failure names its seed.</summary>
    private static readonly long First = long.TryParse(Environment.GetEnvironmentVariable("AMNRE_SEED"), CultureInfo.InvariantCulture,
        out var given)
        ? given : TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() * Histories;

    private static IEnumerable<long> Corpus => File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Histories", "corpus.txt"))
        .Select(line => line.Split('#')[0].Trim()).Where(line => line.Length > 0)
        .Select(line => long.Parse(line, CultureInfo.InvariantCulture));

    [Fact]
    public void Every_invariant_holds_in_the_histories_of_the_corpus() => RunAll(Corpus);

    [Fact]
    public void Every_invariant_holds_in_ten_thousand_new_histories() => RunAll(Enumerable.Range(0, Histories).Select(n => First + n));

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(300)]
    public void The_same_seed_gives_the_same_history(long seed) =>
        Assert.Equal(History.Run(seed, traced: true).Trace, History.Run(seed, traced: true).Trace);

    /// <summary>The proof is worth what its auditor notices.</summary>
    [Theory]
    [MemberData(nameof(Mutations))]
    public void A_faulty_ledger_is_noticed(Mutation mutation)
    {
        const int Enough = 2500;
        for (var seed = 1L; seed <= Enough; seed++)
        {
            if (History.Run(seed, mutation).Violation is { } violation)
            {
                output.WriteLine($"{mutation} is noticed in history {seed}: {violation.Split('\n')[0]}");
                return;
            }
        }

        Assert.Fail($"{mutation} goes unnoticed in {Enough} histories");
    }

    public static TheoryData<Mutation> Mutations => [.. Enum.GetValues<Mutation>().Where(mutation => mutation != Mutation.None)];

    private void RunAll(IEnumerable<long> seeds)
    {
        var started = TimeProvider.System.GetTimestamp();
        var failed = new ConcurrentBag<HistoryReport>();
        var reports = new ConcurrentBag<HistoryReport>();
        Parallel.ForEach(seeds, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, (seed, state) =>
        {
            var report = History.Run(seed);
            (report.Violation is null ? reports : failed).Add(report);
            if (report.Violation is not null) state.Stop();
        });
        if (failed.MinBy(report => report.Steps) is { } found)
        {
            var trace = History.Run(found.Seed, traced: true).Trace;
            Assert.Fail($"history {found.Seed}: {found.Violation}\n(AMNRE_SEED={found.Seed} runs it first; add it to " +
                $"corpus.txt)\n{string.Join('\n', trace.TakeLast(150))}");
        }

        var time = TimeProvider.System.GetElapsedTime(started);
        output.WriteLine($"{reports.Count} histories in {time.TotalSeconds:F1} s ({reports.Count / time.TotalSeconds:F0}/s): " +
            $"{reports.Sum(r => r.Lasted.TotalHours):F0} simulated hours, " +
            $"{reports.Sum(r => r.Steps)} steps, {reports.Sum(r => (long)r.Claims)} claims, {reports.Sum(r => (long)r.Commits)} commits, " +
            $"{reports.Sum(r => (long)r.Losses)} lost attempts");
        foreach (var kind in reports.SelectMany(report => report.Faults).GroupBy(fault => fault.Key)
            .OrderBy(kind => kind.Key, StringComparer.Ordinal))
        {
            output.WriteLine($"{kind.Sum(fault => fault.Value),8} {kind.Key}");
        }
    }
}
