using System.Diagnostics;
using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Postgres;
using Amnre.Jobs.Specs;
using Amnre.Jobs.Submissions;

namespace Amnre.Benchmarks;

/// <summary>Submissions of sweeps: each member samples, trains on that, evaluates and plots.</summary>
internal static class SubmissionBenchmark
{
    public static IEnumerable<string> Run()
    {
        using var folder = new ScratchFolder();
        return Task.Run(() => RunAsync(folder.Root)).GetAwaiter().GetResult();
    }

    private static async Task<List<string>> RunAsync(string folder)
    {
        await using var server = await PrivatePostgres.StartAsync(Path.Combine(folder, "postgres"), null, CancellationToken.None);
        await using var database = LedgerDatabase.Open(server.ConnectionString, "benchmark");
        await LedgerSchema.MigrateAsync(database, CancellationToken.None);
        var submission = new Submission(database, new ArtifactStore(Path.Combine(folder, "store")));
        var lines = new List<string>();
        var perJob = 0.0;
        foreach (var jobs in new[] { 1_000, 10_000, 100_000 })
        {
            var plan = Sweep($"sweep{jobs}", jobs / 4);
            var watch = Stopwatch.StartNew();
            await submission.SubmitAsync(plan, new SubmitOptions(), CancellationToken.None);
            var first = watch.Elapsed.TotalSeconds;
            watch.Restart();
            await submission.SubmitAsync(plan, new SubmitOptions(), CancellationToken.None);
            lines.Add($"submission of {jobs} jobs: {first:0.00} s ({jobs / first:0} jobs/s), " +
                $"{(perJob > 0 ? $"{first / jobs / perJob:0.00} times the cost per job of the smaller, " : "")}again " +
                $"{watch.Elapsed.TotalSeconds:0.00} s");
            perJob = first / jobs;
        }

        return lines;
    }

    internal static ExperimentPlan Sweep(string name, int members)
    {
        var jobs = new List<JobSpec>(4 * members);
        for (var i = 0; i < members; i++)
        {
            Add("sample", JobKind.Sample, [], i, "shard.h5");
            Add("train", JobKind.Train, [new JobInput("samples", $"sample/{i}", "shard.h5")], i, "model.pth");
            Add("evaluate", JobKind.Evaluate,
                [new JobInput("model", $"train/{i}", "model.pth"), new JobInput("samples", $"sample/{i}", "shard.h5")], i, "table.csv");
            Add("plot", JobKind.Plot, [new JobInput("series:0", $"evaluate/{i}", "table.csv")], i, "figure.png");
        }

        return new ExperimentPlan(name, "", jobs);

        void Add(string kind, JobKind what, JobInput[] inputs, int i, string output)
        {
            var settings =
                $$"""{"activation":"ELU","bs":1024,"descents":256,"hidden_size":256,"lr":0.001,"num_layers":7,"of":"{{name}}","seed":{{i}},"step":"{{kind}}"}""";
            jobs.Add(new JobSpec
            {
                Name = $"{kind}/{i}",
                Kind = what,
                Settings = settings,
                Key = settings,
                Fingerprint = Fingerprint.Of(settings),
                Inputs = inputs,
                Outputs = [new JobOutput(output, $"{kind}/{i}/{output}")],
            });
        }
    }
}
