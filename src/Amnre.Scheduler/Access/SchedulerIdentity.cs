using System.Security.Cryptography;

namespace Amnre.Scheduler.Access;

/// <summary>Who this scheduler is, and where its pages are once the server listens.</summary>
internal sealed class SchedulerIdentity
{
    public string Id { get; } =
        $"{Environment.MachineName}-{Environment.ProcessId}-{RandomNumberGenerator.GetHexString(6, lowercase: true)}";

    public string? Address { get; set; }
}
