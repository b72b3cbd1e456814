using Amnre.Jobs.Artifacts;
using Npgsql;

namespace Amnre.Jobs.Garbage;

/// <summary>Something that was, or would be, removed from the store; or that the ledger does not know.</summary>
/// <param name="Path">Relative to the store.</param>
public sealed record GarbageItem(Verdict Why, string Path, long Bytes);

/// <summary>What a collection found.</summary>
/// <param name="Removed">Things of the store; only looked at in a dry run.</param>
/// <param name="Unknown">Things that the ledger does not know, which were left alone.</param>
/// <param name="Events">Rows of the log of what happened.</param>
/// <param name="Deliveries">Rows of the transport.</param>
public sealed record GarbageReport(IReadOnlyList<GarbageItem> Removed, IReadOnlyList<GarbageItem> Unknown, int Events, int Deliveries);

/// <summary>Removes what nothing refers to any more. The ledger forgets first, in one transaction; then the files go. A crash in between
/// leaves files that belong to no result, which the next collection finds as left over.</summary>
public sealed class GarbageCollector(NpgsqlDataSource database, ArtifactStore store)
{
    private readonly GarbageLedger _ledger = new(database);

    /// <param name="keep">What ended within this time stays.</param>
    /// <param name="earlierVersions">Also remove results that only earlier versions of experiments refer to.</param>
    /// <param name="dryRun">Look, and remove nothing.</param>
    /// <param name="cancel">Stops between two removals.</param>
    public async Task<GarbageReport> CollectAsync(TimeSpan keep, bool earlierVersions, bool dryRun, CancellationToken cancel)
    {
        var rules = new GarbageRules(await _ledger.NowAsync(cancel) - keep, earlierVersions);
        var (removed, unknown) = (new List<GarbageItem>(), new List<GarbageItem>());
        await AttemptsAsync(rules, dryRun, removed, unknown, cancel);
        await CheckpointsAsync(rules, dryRun, removed, unknown, cancel);
        await InputsAsync(rules, dryRun, removed, unknown, cancel);
        await LogsAsync(rules, dryRun, removed, cancel);
        var (events, deliveries) = await _ledger.RowsAsync(rules.Before, !dryRun, cancel);
        return new GarbageReport(removed, unknown, events, deliveries);
    }

    private async Task AttemptsAsync(GarbageRules rules, bool dryRun, List<GarbageItem> removed, List<GarbageItem> unknown,
        CancellationToken cancel)
    {
        var stored = StoreScan.Attempts(store).ToList();
        var standings = await _ledger.AttemptsAsync([.. stored.Select(one => one.Token)], cancel);
        var judged = stored.Select(one => (one.Token, one.Path, Why: rules.OfAttempt(standings.GetValueOrDefault(one.Token)))).ToList();
        unknown.AddRange(judged.Where(one => one.Why == Verdict.Unknown).Select(one => Item(one.Why, one.Path)));
        var garbage = judged.Where(one => one.Why is not (Verdict.Keep or Verdict.Unknown)).ToList();
        var free = dryRun || garbage.Count == 0 ? [.. garbage.Select(one => one.Token)]
            : (await _ledger.ForgetAsync([.. garbage.Select(one => one.Token)], rules.EarlierVersions, cancel)).ToHashSet();
        foreach (var one in garbage.Where(one => free.Contains(one.Token)))
        {
            cancel.ThrowIfCancellationRequested();
            removed.Add(Item(one.Why, one.Path));
            if (!dryRun) Remove(one.Path);
        }

        if (!dryRun && removed.Exists(item => item.Why == Verdict.EarlierVersion)) FriendlyLinks.RemoveBroken(store);
    }

    private async Task CheckpointsAsync(GarbageRules rules, bool dryRun, List<GarbageItem> removed, List<GarbageItem> unknown,
        CancellationToken cancel)
    {
        foreach (var folder in StoreScan.Checkpoints(store))
        {
            // One at a time, so that little time passes between the look and the removal.
            var fingerprint = Path.GetFileName(folder);
            var why = rules.OfCheckpoints((await _ledger.CheckpointsAsync([fingerprint], cancel)).GetValueOrDefault(fingerprint));
            if (why == Verdict.Unknown) unknown.Add(Item(why, folder));
            if (why is Verdict.Keep or Verdict.Unknown) continue;
            removed.Add(Item(why, folder));
            if (!dryRun) Remove(folder);
        }
    }

    private async Task InputsAsync(GarbageRules rules, bool dryRun, List<GarbageItem> removed, List<GarbageItem> unknown,
        CancellationToken cancel)
    {
        var stored = StoreScan.Inputs(store).ToList();
        if (stored.Count == 0) return;
        var standings = await _ledger.InputsAsync(cancel);
        foreach (var file in stored)
        {
            var why = rules.OfInput(standings.GetValueOrDefault(file.Name), StoreInputs.IsDigest(file.Name), file.LastWriteTimeUtc);
            if (why == Verdict.Unknown) unknown.Add(Item(why, file.FullName));
            if (why is Verdict.Keep or Verdict.Unknown) continue;
            removed.Add(Item(why, file.FullName));
            if (!dryRun) Remove(file.FullName);
        }
    }

    private async Task LogsAsync(GarbageRules rules, bool dryRun, List<GarbageItem> removed, CancellationToken cancel)
    {
        var stored = StoreScan.Logs(store).ToList();
        var standings = await _ledger.AttemptsAsync([.. stored.Select(one => one.Token)], cancel);
        foreach (var one in stored.Where(one => rules.OfLog(standings.GetValueOrDefault(one.Token)) == Verdict.Log))
        {
            removed.Add(Item(Verdict.Log, one.Path));
            if (!dryRun) Remove(one.Path);
        }
    }

    private GarbageItem Item(Verdict why, string path) => new(why, Path.GetRelativePath(store.Root, path), StoreScan.Bytes(path));

    private static void Remove(string path)
    {
        if (File.Exists(path)) File.Delete(path);
        else if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
    }
}
