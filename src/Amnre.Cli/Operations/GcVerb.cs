using System.CommandLine;
using Amnre.Cli.Studies;
using Amnre.Cli.Tables;
using Amnre.Cli.Terminal;
using Amnre.Engine;
using Amnre.Jobs.Garbage;
using Amnre.Jobs.Operations;
using Amnre.Jobs.Specs;

namespace Amnre.Cli.Operations;

/// <summary><c>amnre gc</c>: removes from the store what nothing refers to.</summary>
internal static class GcVerb
{
    private const double MaxDays = 36500;

    public static Command Create()
    {
        var options = new LedgerOptions();
        var dry = new Option<bool>("--dry-run") { Description = "Say what would go, and remove nothing" };
        var keep = new Option<double>("--keep-days") { Description = "What ended within so many days stays", DefaultValueFactory = _ => 7 };
        var earlier = new Option<bool>("--earlier-versions")
        {
            Description = "Also results that only earlier versions of experiments refer to; submitting those again recomputes them",
        };
        var verb = options.Verb(
            "gc",
            """
            Remove from the store what nothing refers to: files of attempts that were lost or killed, results that a rerun has replaced,
            checkpoints of finished trainings, old logs, and old rows of the database. The ledger decides; what a running attempt uses stays,
            and so does what the ledger does not know. May run at any time.

            Examples:
              amnre gc --dry-run
              amnre gc --keep-days 30
              amnre gc --earlier-versions --keep-days 90
            """,
            dry, keep, earlier);
        verb.SetAction(async (parsed, stop) =>
        {
            var days = parsed.GetValue(keep);
            if (days is not (>= 0 and <= MaxDays)) throw new InputException($"--keep-days {days} is out of range: from 0 to {MaxDays}");
            await using var ledger = await options.OpenAsync(parsed, stop);
            await ledger.RequireStoreAsync(stop);
            var dryRun = parsed.GetValue(dry);
            if (!dryRun)
                await new AuditTrail(ledger.Database).RecordAsync(Requester.AtTheDatabase,
                    $"gc --keep-days {days}{(parsed.GetValue(earlier) ? $" {earlier.Name}" : "")}", null, null, stop);
            var report = await new GarbageCollector(ledger.Database, ledger.Store).CollectAsync(TimeSpan.FromDays(days),
                parsed.GetValue(earlier), dryRun, stop);
            if (parsed.GetValue(options.Json))
                Console.WriteLine(JsonText.Of(new { DryRun = dryRun, report.Removed, report.Unknown, report.Events, report.Deliveries }));
            else Write(report, dryRun);
            return ExitCode.Success;
        });
        return verb;
    }

    private static void Write(GarbageReport report, bool dryRun)
    {
        foreach (var item in report.Removed) Console.WriteLine($"{Name(item.Why)}  {item.Path}  {MemorySize.Text(item.Bytes)}");
        foreach (var kind in report.Removed.GroupBy(item => item.Why))
            Console.WriteLine($"{kind.Count()} × {Name(kind.Key)}: {MemorySize.Text(kind.Sum(item => item.Bytes))}");
        Console.WriteLine($"{(dryRun ? "would remove" : "removed")} {MemorySize.Text(report.Removed.Sum(item => item.Bytes))} in " +
            $"{report.Removed.Count} places, {report.Events} old events, {report.Deliveries} finished deliveries");
        if (report.Unknown.Count > 0)
            Console.WriteLine($"left alone: {report.Unknown.Count} places with {MemorySize.Text(report.Unknown.Sum(item => item.Bytes))} " +
                $"that the ledger does not know, such as {report.Unknown[0].Path}; is the database older than the store?");
    }

    private static string Name(Verdict why) => why switch
    {
        Verdict.Leftover => "left over",
        Verdict.Superseded => "replaced by a rerun",
        Verdict.EarlierVersion => "of an earlier version",
        Verdict.Checkpoint => "checkpoint",
        Verdict.Log => "log",
        _ => throw new ArgumentOutOfRangeException(nameof(why), why, null),
    };
}
