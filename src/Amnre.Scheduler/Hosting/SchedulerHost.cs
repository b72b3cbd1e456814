using System.Net.Sockets;
using Amnre.Engine;
using Amnre.Jobs.Allocations;
using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Dispatching;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Operations;
using Amnre.Jobs.Submissions;
using Amnre.Jobs.Transitions;
using Amnre.Jobs.Transport;
using Amnre.Jobs.Views;
using Amnre.Jobs.Workers;
using Amnre.Scheduler.Access;
using Amnre.Scheduler.Api;
using Amnre.Scheduler.Cluster;
using Amnre.Scheduler.Dashboard;
using Amnre.Scheduler.Dispatch;
using Amnre.Scheduler.Rescue;
using Hangfire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Amnre.Scheduler.Hosting;

/// <summary>One scheduler process: the loop that decides and the pages that show.</summary>
public static class SchedulerHost
{
    /// <summary>Schedules until <paramref name="stop"/>. Waits for a database that is not there yet.</summary>
    /// <exception cref="InputException">An option is invalid: an address that is none, say; or a scheduler of another build runs, or
    /// the ledger's files are in another store.</exception>
    public static async Task RunAsync(SchedulerOptions options, CancellationToken stop)
    {
        var address = ListenAddress.Parse(options.Listen);
        var identity = new SchedulerIdentity();
        var logger = options.Loggers.CreateLogger("Amnre.Scheduler");
        await using var database = LedgerDatabase.Open(options.ConnectionString, $"amnre scheduler {identity.Id}");
        await using var deliveries = LedgerDatabase.OpenForTransport(options.ConnectionString, $"amnre transport {identity.Id}");
        await MigrateAsync(database, options, logger, stop);
        if (stop.IsCancellationRequested)
        {
            return;
        }

        if (options.OnAdmitted is { } admitted) options = options with { Tokens = admitted() };
        var transport = new JobTransport(deliveries, TimeSpan.FromSeconds(15));
        await using var app = Build(options, address, database, transport, identity);
        await ServeAsync(app, address, stop);
        identity.Address = app.Urls.First();
        logger.LogInformation("Pages at {Address}", identity.Address);
        options.OnListening?.Invoke(identity.Address);
        if (options.Tokens.Greatest() is { } token)
            options.OnSignInLink?.Invoke(SignInTickets.Link(identity.Address, SignInTickets.New(token, identity.Id, options.Clock)));

        using var housekeeping = transport.KeepHouse(identity.Id);
        var loop = app.Services.GetRequiredService<SchedulerLoop>();
        await loop.RunAsync(stop);

        housekeeping.SendStop();
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(5), options.Clock);
        await app.StopAsync(timeout.Token);
        await LeaveAsync(database, identity, logger);
    }

    internal static WebApplication Build(
        SchedulerOptions options, Uri address, NpgsqlDataSource database, JobTransport transport, SchedulerIdentity identity)
    {
        // Empty: neither files nor variables of the place it is started from change what it does.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "Amnre.Scheduler" });
        builder.WebHost.UseKestrelCore().UseUrls(address.ToString());
        var services = builder.Services;
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        services.AddRoutingCore().AddApi();
        services.AddSingleton(options.Loggers);
        services.AddLogging();
        services.AddHangfire(configuration => configuration.UseStorage(transport.Storage));
        services.AddSingleton(options).AddSingleton(identity).AddSingleton(database).AddSingleton(transport)
            .AddSingleton<IDeliveries>(transport);
        services.AddSingleton(new ArtifactStore(options.StoreRoot));
        services.AddSingleton<IGraphLedger, GraphLedger>().AddSingleton<IDispatchLedger, DispatchLedger>()
            .AddSingleton<IRescueLedger, RescueLedger>();
        services.AddSingleton<SchedulerRegistry>().AddSingleton<WorkerRegistry>()
            .AddSingleton(new ExperimentViews(database, options.HeartbeatTimeout)).AddPages()
            .AddSingleton<FileViews>().AddSingleton<LogViews>();
        services.AddSingleton<Actions>().AddSingleton<AuditTrail>().AddSingleton<Selector>().AddSingleton<Submission>()
            .AddSingleton<Extension>();
        services.AddSingleton(options.Tokens).AddSingleton<SignInLimit>().AddSingleton(new Sessions(options.Tokens, options.Clock))
            .AddSingleton(new SignInTickets(identity, options.Tokens, options.Clock));
        services.AddSingleton<SchedulerCounts>();
        services.AddSingleton<PoolLedger>().AddSingleton<Autoscaler>();
        services.AddSingleton(new SlurmCluster(new Dictionary<string, string> { ["AMNRE_POSTGRES"] = options.ConnectionString }));
        services.AddSingleton<OutcomeFolder>().AddSingleton<FriendlyPaths>().AddSingleton<Dispatcher>().AddSingleton<Rescuer>()
            .AddSingleton<SchedulerLoop>();
        var app = builder.Build();
        options.Tokens.Logger = options.Loggers.CreateLogger("Amnre.Scheduler.Access");
        app.UseRouting();
        app.UseDashboardGate(ListenAddress.IsLoopback(address));
        app.MapDashboard();
        app.MapSignIn();
        app.MapActions();
        app.MapApi();
        app.MapMonitoring();
        return app;
    }

    /// <exception cref="InputException">The address is taken, not of this machine, or not to be had by this user.</exception>
    private static async Task ServeAsync(WebApplication app, Uri address, CancellationToken stop)
    {
        try
        {
            await app.StartAsync(stop);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            throw new InputException($"pages cannot be served at {address}: {e.InnerException?.Message ?? e.Message}; name another " +
                "address, or port 0 for any that is free", e);
        }
    }

    private static async Task MigrateAsync(NpgsqlDataSource database, SchedulerOptions options, ILogger logger, CancellationToken stop)
    {
        for (var attempt = 1; !stop.IsCancellationRequested; attempt++)
        {
            try
            {
                await LedgerSchema.MigrateAsync(database, stop);
                await Admission.RequireSameBuildAsync(database, "scheduler", stop);
                await new StoreLedger(database).RequireOrRegisterAsync(options.StoreRoot, stop);
                return;
            }
            catch (Exception e) when (DatabaseOutage.IsTransient(e))
            {
                logger.LogWarning("The database is out of reach: {Message}", e.Message);
                options.OnWaiting?.Invoke(e.Message);
                await Task.Delay(TimeSpan.FromSeconds(Math.Min(attempt, 5)), options.Clock, CancellationToken.None).WaitAsync(stop)
                    .ContinueWith(_ => { }, TaskScheduler.Default);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private static async Task LeaveAsync(NpgsqlDataSource database, SchedulerIdentity identity, ILogger logger)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        try
        {
            await new SchedulerRegistry(database).LeaveAsync(identity.Id, timeout.Token);
        }
        catch (Exception e) // Leaving without a word is allowed: the heartbeat timeout says the same a little later.
        {
            logger.LogWarning("Could not sign off: {Message}", e.Message);
        }
    }
}
