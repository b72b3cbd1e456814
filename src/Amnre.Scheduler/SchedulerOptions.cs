using Amnre.Jobs;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Workers;
using Amnre.Scheduler.Access;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Amnre.Scheduler;

/// <summary>What a scheduler process needs to know.</summary>
public sealed record SchedulerOptions
{
    /// <summary>Npgsql keywords of the ledger's database.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>Folder of the artifact store, the same for all.</summary>
    public required string StoreRoot { get; init; }

    /// <summary>Where the pages are served; port 0 takes any free port.</summary>
    public string Listen { get; init; } = "http://127.0.0.1:0";

    /// <summary>What people and programs must present. Without any no one gets in.</summary>
    public AccessTokens Tokens { get; init; } = AccessTokens.Of(null, null, TimeProvider.System);

    /// <summary>Called once with the address that was chosen, such as <c>http://127.0.0.1:41234</c>; it is in the ledger too.</summary>
    public Action<string>? OnListening { get; init; }

    /// <summary>Called once with an address that signs a browser in, where there is a token. For a terminal's eyes: it is in no log and not
    /// in the ledger.</summary>
    public Action<string>? OnSignInLink { get; init; }

    /// <summary>Called once, when the store here was found to be the ledger's, or has become it: from then on it may be written to. Gives
    /// the tokens, which are kept in the store where the user gave none; null leaves <see cref="Tokens"/>.</summary>
    public Func<AccessTokens>? OnAdmitted { get; init; }

    /// <summary>Told why the database cannot be reached, each time that it was tried in vain.</summary>
    public Action<string>? OnWaiting { get; init; }

    public RetryPolicy Retry { get; init; } = new();

    /// <summary>How often everything is looked at, hints or no hints.</summary>
    public TimeSpan PollInterval { get; init => field = OptionRange.Positive(value); } = TimeSpan.FromSeconds(1);

    /// <summary>How long a leader watches before a heartbeat timeout counts as death: after an outage workers need a moment to be heard
    /// again.</summary>
    public TimeSpan RescueHold { get; init => field = OptionRange.NotNegative(value); } = TimeSpan.FromSeconds(10);

    /// <summary>How long a delivery may take from a worker's fetching it to the claim before it is handed out again.</summary>
    public TimeSpan DeliveryTimeout { get; init => field = OptionRange.Positive(value); } = TimeSpan.FromSeconds(15);

    /// <summary>A worker that has been silent for so long does not count as a slot.</summary>
    public TimeSpan HeartbeatTimeout { get; init => field = OptionRange.Positive(value); } = Heartbeats.DefaultTimeout;

    /// <summary>Fewest jobs that are kept in each of the transport's queues.</summary>
    public int MinDepth { get; init => field = OptionRange.Positive(value); } = 2;

    /// <summary>How often allocations of a batch system are looked after.</summary>
    public TimeSpan ClusterInterval { get; init => field = OptionRange.Positive(value); } = TimeSpan.FromSeconds(5);

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    public ILoggerFactory Loggers { get; init; } = NullLoggerFactory.Instance;
}
