using System.CommandLine;
using Amnre.Cli.Studies;
using Amnre.Cli.Tables;
using Amnre.Cli.Terminal;
using Amnre.Engine;
using Amnre.Jobs.Allocations;
using Amnre.Jobs.Operations;
using Amnre.Jobs.Specs;

namespace Amnre.Cli.Operations;

/// <summary><c>amnre cluster up|status|down</c>: allocations of Slurm that follow the queue.</summary>
internal static class ClusterVerb
{
    private const int MaxCount = 10_000;
    private static readonly (string Long, char? Short)[] Misleading =
    [
        ("clusters", 'M'), ("cluster-constraint", null), ("array", 'a'), ("job-name", 'J'), ("wait", 'W'), ("wrap", null),
        ("parsable", null), ("test-only", null), ("uid", null),
        ("version", 'V'), ("help", 'h'), ("usage", null),
    ];

    private static readonly TimeSpan Past = TimeSpan.FromHours(1);

    public static Command Create()
    {
        var options = new LedgerOptions();
        var action = new Argument<string>("action") { Description = "up, status or down", DefaultValueFactory = _ => "status" };
        action.AcceptOnlyFromAmong("up", "status", "down");
        var pool = new Argument<string?>("pool")
        {
            Description = "A kind of allocation [default: default; for down: all]",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var min = Number("--min", "Allocations that are kept although nothing waits", 0);
        var max = Number("--max", "Most allocations at once", 1);
        var cpus = Number("--cpus", "CPUs of an allocation", 1);
        var memory = new Option<string?>("--memory") { Description = "Memory of an allocation, such as 16G [default: Slurm's]" };
        var gpus = Number("--gpus", "GPUs of an allocation", 0);
        var gpusPerWorker = Number("--gpus-per-worker", "GPUs that each worker process binds", 1);
        var cpuWorkers = new Option<int?>("--cpu-workers")
        {
            Description = "Worker processes of an allocation that use no GPU [default: 1 without GPUs, else 0]",
        };
        var time = new Option<string>("--time")
        {
            Description = "Limit of an allocation, as H:MM:SS or D-HH:MM:SS",
            DefaultValueFactory = _ => "3:00:00",
        };
        var idle = new Option<string>("--idle")
        {
            Description = "How long an allocation may have nothing to do",
            DefaultValueFactory = _ => "0:05:00",
        };
        var sbatch = new Option<string[]>("--sbatch")
        {
            Description = "Further options of sbatch, each as one word: --sbatch partition=gpu account=physics",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var program = new Option<string?>("--program") { Description = "The command as the nodes find it [default: this one]" };
        var verb = options.Verb(
            "cluster",
            """
            Let the scheduler ask Slurm for workers when jobs wait, and release them when none do. It needs a scheduler on a host that has Slurm's
            programs; 'status' shows what it decided last and why. 'down' drains the workers and ends all allocations of the pool.

            Examples:
              amnre cluster up --max 8 --cpus 2 --memory 8G --time 2:00:00
              amnre cluster up gpu --max 4 --gpus 2 --cpu-workers 1 --sbatch partition=gpu account=physics
              amnre cluster status
              amnre cluster down
            """,
            action, pool, min, max, cpus, memory, gpus, gpusPerWorker, cpuWorkers, time, idle, sbatch, program);
        verb.SetAction(async (parsed, stop) =>
        {
            ConsoleWidth.Unbounded();
            var json = parsed.GetValue(options.Json);
            var name = parsed.GetValue(pool);
            var up = parsed.GetRequiredValue(action) == "up";
            var settings = !up ? null : new PoolSettings
            {
                Min = Within(parsed, min, 0, MaxCount),
                Max = Within(parsed, max, 1, MaxCount),
                Cpus = Within(parsed, cpus, 1, MaxCount),
                Memory = parsed.GetValue(memory) is { } text ? Mebibytes(text) : null,
                Gpus = Within(parsed, gpus, 0, 1000),
                GpusPerWorker = Within(parsed, gpusPerWorker, 1, 1000),
                CpuWorkers = parsed.GetValue(cpuWorkers),
                Time = Duration("--time", parsed.GetRequiredValue(time)),
                Idle = Duration("--idle", parsed.GetRequiredValue(idle)),
                Options = [.. (parsed.GetValue(sbatch) ?? []).Select(option => option.StartsWith('-') ? option : $"--{option}")],
                Program = Path.GetFullPath(parsed.GetValue(program) ?? Environment.ProcessPath ?? "amnre"),
                Store = CommonOptions.StoreFolder(parsed.GetRequiredValue(options.Store)),
            };
            Check(settings);
            await using var ledger = await options.OpenAsync(parsed, stop);
            var pools = new PoolLedger(ledger.Database);
            if (parsed.GetRequiredValue(action) is "up" or "down")
                await new AuditTrail(ledger.Database).RecordAsync(Requester.AtTheDatabase,
                    $"cluster {parsed.GetRequiredValue(action)} {name}".TrimEnd(), null, null, stop);
            if (settings is not null)
            {
                name ??= "default";
                if (!PlainName.IsPool(name))
                    throw new InputException($"'{name}' is no name for a pool: {PlainName.PoolRule}");
                await pools.PutUpAsync(name, settings, stop);
                if (!json) Console.WriteLine($"pool {name}: up to {settings.Max} allocation{(settings.Max == 1 ? "" : "s")}, as jobs wait");
            }
            else if (parsed.GetRequiredValue(action) == "down")
            {
                var outcome = new Outcome(json, "goes down");
                foreach (var one in await pools.PutDownAsync(name, stop)) outcome.Add(one);
                var code = outcome.Tell();
                if (code != ExitCode.Success)
                    Console.Error.WriteLine(name is null
                        ? "amnre: no pool is up"
                        : $"amnre: no pool that is up is called '{name}'; see 'amnre cluster status'");
                if (await ledger.MissingSchedulerAsync(stop) is not null)
                    Console.Error.WriteLine(
                        "amnre: no scheduler is running to end the allocations: start 'amnre scheduler', or end them with scancel");
                return code;
            }

            await ShowAsync(ledger, pools, settings is null ? parsed.GetValue(pool) : name, json, stop);
            return ExitCode.Success;
        });
        return verb;
    }

    private static async Task ShowAsync(StudyLedger ledger, PoolLedger pools, string? name, bool json, CancellationToken stop)
    {
        var shown = (await pools.PoolsAsync(stop)).Where(pool => name is null || pool.Name == name).ToList();
        var allocations = (await pools.AllocationsAsync(Past, stop)).Where(one => shown.Exists(pool => pool.Name == one.Pool)).ToList();
        if (json) Console.WriteLine(JsonText.Of(new { Pools = shown, Allocations = allocations }));
        else ClusterText.Write(shown, allocations, await ledger.MissingSchedulerAsync(stop));
    }

    /// <summary>Whether an option of <c>sbatch</c> would send allocations where the pool does not see them, or give it none. Long options
    /// may be shortened.</summary>
    internal static bool Misleads(string option)
    {
        if (!option.StartsWith("--", StringComparison.Ordinal))
            return option.Length > 1 && Misleading.Any(one => one.Short is { } letter && option[1] == letter);
        var name = option[2..].Split('=')[0];
        return name.Length > 0 && Misleading.Any(one => one.Long.StartsWith(name, StringComparison.Ordinal));
    }

    private static Option<int> Number(string name, string description, int without) =>
        new(name) { Description = $"{description} [default: {without}]", DefaultValueFactory = _ => without };

    private static int Within(ParseResult parsed, Option<int> option, int least, int most) =>
        parsed.GetValue(option) is var value && value >= least && value <= most
        ? value : throw new InputException($"{option.Name} {value} is out of range: from {least} to {most}");

    private static void Check(PoolSettings? pool)
    {
        if (pool is null) return;
        if (pool.Min > pool.Max) throw new InputException($"--min {pool.Min} is more than --max {pool.Max}");
        if (pool.Gpus > 0 && pool.Gpus < pool.GpusPerWorker)
            throw new InputException($"--gpus {pool.Gpus} is less than one worker binds (--gpus-per-worker {pool.GpusPerWorker})");
        if (pool.CpuWorkers is < 0 or > MaxCount)
            throw new InputException($"--cpu-workers {pool.CpuWorkers} is out of range: from 0 to {MaxCount}");
        if (pool.GpuSlots + pool.CpuSlots == 0) throw new InputException("--cpu-workers 0 without GPUs leaves allocations without workers");
        if (pool.Options.FirstOrDefault(Misleads) is { } misleading)
            throw new InputException($"--sbatch {misleading} would take allocations out of the pool's sight or change what they run: " +
                "leave it out; for another cluster, start a scheduler there");
        if (pool.Time < TimeSpan.FromMinutes(1)) throw new InputException($"--time {pool.Time} is too short: Slurm's least is a minute");
    }

    private static TimeSpan Duration(string option, string text) => TimeLimit.Parse(text)
        ?? throw new InputException($"{option} '{text}' is not a duration: write 90 (minutes), 2:00:00 or 1-12:00:00");

    /// <summary>As Slurm reads sizes: <c>4096</c> and <c>4096M</c> are mebibytes, <c>16G</c> gibibytes.</summary>
    internal static int Mebibytes(string text) =>
        MemorySize.Parse(text.Length > 0 && char.IsAsciiDigit(text[^1]) ? $"{text}M" : text) >> 20 is > 0 and <= int.MaxValue and var size
            ? (int)size : throw new InputException($"--memory '{text}' is not a size: write 16G or 4096M");
}
