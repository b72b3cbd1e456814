namespace Amnre.Jobs.Workers;

/// <summary>When a process that tells the ledger that it is there is taken for gone.</summary>
public static class Heartbeats
{
    /// <summary>Where nothing else is said: after so long without a heartbeat. Schedulers send one every five seconds, workers one in a
    /// quarter of their lease.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(30);
}
