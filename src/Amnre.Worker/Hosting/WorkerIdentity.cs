using System.Security.Cryptography;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Transport;

namespace Amnre.Worker.Hosting;

/// <summary>Who this worker is.</summary>
internal sealed record WorkerIdentity(WorkerEntry Entry)
{
    public string Id => Entry.Id;

    public static WorkerIdentity Of(WorkerOptions options) => new(new WorkerEntry(
        options.WorkerId ?? $"{Environment.MachineName}-{Environment.ProcessId}-{RandomNumberGenerator.GetHexString(6, lowercase: true)}",
        Environment.MachineName, Environment.ProcessId, Slots: 1, JobQueues.ServedBy(options.Gpus), options.SlurmId));
}
