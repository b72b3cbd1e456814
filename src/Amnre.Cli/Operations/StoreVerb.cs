using System.CommandLine;
using Amnre.Cli.Studies;
using Amnre.Cli.Tables;
using Amnre.Cli.Terminal;
using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Operations;

namespace Amnre.Cli.Operations;

/// <summary><c>amnre store</c>: which store this folder is, and which the ledger speaks of.</summary>
internal static class StoreVerb
{
    public static Command Create()
    {
        var options = new LedgerOptions();
        var accept = new Option<bool>("--accept")
        {
            Description = "From now on the ledger speaks of the store in this folder: it was moved, restored or begun again on purpose",
        };
        var verb = options.Verb(
            "store",
            """
            Show which store a folder is and which one the ledger speaks of. Schedulers, workers and commands refuse another: its files are not
            the ledger's. The exit code is 1 when they differ.

            Examples:
              amnre store --store /shared/store
              amnre store --store /restored/store --accept
            """,
            accept);
        verb.SetAction(async (parsed, stop) =>
        {
            await using var ledger = await options.OpenAsync(parsed, stop);
            var stores = new StoreLedger(ledger.Database);
            if (parsed.GetValue(accept))
            {
                var id = await stores.AcceptAsync(ledger.Store.Root, stop);
                await new AuditTrail(ledger.Database).RecordAsync(Requester.AtTheDatabase, $"store --accept {id} in {ledger.Store.Root}",
                    null, null, stop);
            }

            var (known, found) = (await stores.KnownAsync(stop), StoreIdentity.Read(ledger.Store.Root));
            var same = known is null || known.Id == found;
            if (parsed.GetValue(options.Json))
                Console.WriteLine(JsonText.Of(new { Folder = ledger.Store.Root, Id = found, Ledger = known, Same = same }));
            else
            {
                Console.WriteLine($"folder  {ledger.Store.Root}: {(found is null ? "no identity" : $"store {found}")}");
                Console.WriteLine(
                    $"ledger  {(known is null ? "knows no store yet" : $"store {known.Id}, '{known.Folder}' on {known.Host}")}");
            }

            return same ? ExitCode.Success : ExitCode.Failed;
        });
        return verb;
    }
}
