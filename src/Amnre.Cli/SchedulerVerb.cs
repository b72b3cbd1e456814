using System.CommandLine;
using Amnre.Cli.Local;
using Amnre.Cli.Logs;
using Amnre.Cli.Studies;
using Amnre.Cli.Terminal;
using Amnre.Scheduler;
using Amnre.Scheduler.Access;
using Amnre.Scheduler.Hosting;

namespace Amnre.Cli;

/// <summary><c>amnre scheduler</c>: decides which jobs run when, and serves the dashboard.</summary>
internal static class SchedulerVerb
{
    public static Command Create()
    {
        var store = CommonOptions.Store();
        var postgres = CommonOptions.Postgres();
        var dashboard = new Option<string>("--dashboard")
        {
            Description =
                "Address of the pages. Others get in with tokens: AMNRE_OPERATOR_TOKEN and AMNRE_VIEWER_TOKEN, or with _FILE after them",
            DefaultValueFactory = _ => "http://127.0.0.1:8080",
        };
        var tokenFile = new Option<string?>("--token-file")
        {
            Description = "File with the operator's token, read again when it changes; no other user may read or write it. Without one " +
                "the store has one of its own [env AMNRE_OPERATOR_TOKEN_FILE]",
        };
        var leave = CommonOptions.LeaveWithInput();
        var verb = new Command(
            "scheduler",
            """
            Run a scheduler: it hands ready jobs to workers, rescues what lost its worker, and serves the dashboard. Several may run; one leads.

            Example:
              AMNRE_POSTGRES='Host=db;Database=amnre;Username=amnre;Password=…' amnre scheduler --store /shared/store
            """)
        { store, postgres, dashboard, tokenFile, leave };
        verb.SetAction(async (parsed, stop) =>
        {
            var folder = CommonOptions.StoreFolder(parsed.GetRequiredValue(store));
            var connectionString = CommonOptions.RequiredConnectionString(parsed.GetValue(postgres));
            ListenAddress.Parse(parsed.GetRequiredValue(dashboard));
            OpenFiles.Require(Console.Error);
            // What the user gave is looked at before the database is waited for; the store's own token is made in the right store only.
            AccessTokens.Given(parsed.GetValue(tokenFile), TimeProvider.System);
            using var logging = LoggingSetup.Create(folder, "scheduler");
            using var leaving = CommonOptions.Leaving(parsed.GetValue(leave), stop);
            await SchedulerHost.RunAsync(new SchedulerOptions
            {
                ConnectionString = connectionString,
                StoreRoot = folder,
                Listen = parsed.GetRequiredValue(dashboard),
                OnAdmitted = () =>
                {
                    logging.Admit();
                    var tokens = AccessTokens.Find(parsed.GetValue(tokenFile), folder, TimeProvider.System);
                    OwnTokens.Remember(folder);
                    return tokens;
                },
                OnWaiting = new WaitingText(Console.Error, connectionString).Say,
                // What is written into a file may be kept and read by others: a link that signs in is for a terminal.
                OnListening = address => Console.WriteLine($"dashboard: {address}"),
                OnSignInLink = Console.IsOutputRedirected ? null : link => Console.WriteLine($"to sign in, open {link}"),
                Loggers = logging,
            }, leaving.Token);
            return ExitCode.Success;
        });
        return verb;
    }
}
