using Amnre.Cli.Studies;
using Amnre.Jobs.Workers;
using Amnre.Scheduler.Access;

namespace Amnre.Cli.Terminal;

/// <summary>Addresses of pages as a user is to see them: where this user's own scheduler is found, with a ticket that signs in. Only a
/// terminal sees tickets: what is written into a file or a pipe may be kept and read by others.</summary>
internal static class SignInLinks
{
    /// <param name="scheduler">Of the ledger.</param>
    /// <param name="store">The store at hand.</param>
    /// <param name="clock">Links end.</param>
    /// <param name="stop">Cancels.</param>
    /// <returns>Null where it serves no pages.</returns>
    public static async Task<string?> OfAsync(SchedulerEntry scheduler, string store, TimeProvider clock, CancellationToken stop)
    {
        if (scheduler.Address is not { } text || Console.IsOutputRedirected || !Uri.TryCreate(text, UriKind.Absolute, out var address))
            return scheduler.Address;
        var here = address.Host is "0.0.0.0" or "[::]" ? new UriBuilder(address) { Host = scheduler.Host }.Uri : address;
        if (await ProvenConnection.FindAsync(here, OwnTokens.Known(store), stop) is { } token)
            return token.LinkTo(here.ToString(), scheduler.Id, clock);
        // A loopback address of another machine leads elsewhere here, and so a ticket would.
        return scheduler.Host != Environment.MachineName && StoreToken.FileIn(Path.GetFullPath(store)) is var file && File.Exists(file)
            ? $"{text} (there; the token is in {file})" : text;
    }
}
