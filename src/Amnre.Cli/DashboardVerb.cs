using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using Amnre.Cli.Local;
using Amnre.Cli.Logs;
using Amnre.Cli.Studies;
using Amnre.Cli.Terminal;
using Amnre.Jobs.Postgres;
using Amnre.Scheduler;
using Amnre.Scheduler.Access;
using Amnre.Scheduler.Hosting;

namespace Amnre.Cli;

/// <summary><c>amnre dashboard</c>: the pages of a store's studies while no run serves them.</summary>
internal static class DashboardVerb
{
    /// <summary>The same port every time, so that bookmarks and sign-ins last; the next free one where it is taken.</summary>
    private const int FirstPort = 8080, LastPort = 8099;

    public static Command Create()
    {
        var store = CommonOptions.Store();
        var postgres = CommonOptions.Postgres();
        var binaries = new Option<string?>("--postgres-binaries")
        {
            Description = "Folder with initdb, pg_ctl and postgres for the private database",
        };
        var dashboard = new Option<string?>("--dashboard")
        {
            Description = "Address of the pages; port 0 takes a free one " +
                $"[default: http://127.0.0.1:{FirstPort}, or the next free port up to {LastPort}]",
        };
        var verb = new Command(
            "dashboard",
            """
            Show the studies of a store in a browser, also when all of them are finished: starts the store's database if it does not run,
            serves the pages until Ctrl-C, and prints an address that signs in. Where a run or a scheduler serves pages already, prints
            their address and ends.

            Examples:
              amnre dashboard
              amnre dashboard --store /data/study --dashboard http://127.0.0.1:9000
            """)
        { store, postgres, binaries, dashboard };
        verb.SetAction((parsed, stop) => RunAsync(
            CommonOptions.StoreFolder(parsed.GetRequiredValue(store)), CommonOptions.ConnectionString(parsed.GetValue(postgres)),
            parsed.GetValue(binaries), parsed.GetValue(dashboard), stop));
        return verb;
    }

    private static async Task<int> RunAsync(string store, string? named, string? binaries, string? asked, CancellationToken stop)
    {
        if (asked is not null) ListenAddress.Parse(asked);
        AccessTokens.Given(null, TimeProvider.System);
        if (named is null) StudyLedger.RequireDatabase(store);
        OpenFiles.Require(Console.Error);
        await using var server = named is null
            ? await PrivatePostgres.JoinAsync(Path.Combine(store, "postgres"), binaries, stop, Console.Error.WriteLine) : null;
        var connectionString = named ?? server!.ConnectionString;
        if (await ServedAsync(store, connectionString, stop) is { } served)
        {
            Console.WriteLine($"dashboard: {served}");
            return ExitCode.Success;
        }

        using var logging = LoggingSetup.Create(store, "scheduler");
        await SchedulerHost.RunAsync(new SchedulerOptions
        {
            ConnectionString = connectionString,
            StoreRoot = store,
            Listen = asked ?? $"http://127.0.0.1:{FreePort()}",
            OnAdmitted = () =>
            {
                logging.Admit();
                var tokens = AccessTokens.Find(null, store, TimeProvider.System);
                OwnTokens.Remember(store);
                return tokens;
            },
            OnWaiting = new WaitingText(Console.Error, connectionString).Say,
            OnListening = address =>
            {
                if (Console.IsOutputRedirected) Console.WriteLine($"dashboard: {address}");
            },
            // Only a terminal sees tickets.
            OnSignInLink = Console.IsOutputRedirected ? null : link => Console.WriteLine($"dashboard: {link}\nCtrl-C stops it."),
            Loggers = logging,
        }, stop);
        return ExitCode.Success;
    }

    /// <returns>The address at which a scheduler serves the pages of this ledger now; null where none does.</returns>
    private static async Task<string?> ServedAsync(string store, string connectionString, CancellationToken stop)
    {
        await using var ledger = await StudyLedger.OpenAsync(store, connectionString, null, create: false, stop);
        return (await ledger.SchedulersAsync(stop)).FirstOrDefault(one => one is { Leader: true, Address: not null }) is { } leader
            ? await SignInLinks.OfAsync(leader, store, TimeProvider.System, stop) : null;
    }

    private static int FreePort()
    {
        for (var port = FirstPort; port <= LastPort; port++)
        {
            try
            {
                using var probe = new TcpListener(IPAddress.Loopback, port);
                probe.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken, or not to be had by this user.
            }
        }

        return 0;
    }
}
