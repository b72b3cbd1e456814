using Hangfire.Server;
using Hangfire.States;

namespace Amnre.Jobs.Transport;

/// <summary>Takes one delivery after the other out of Hangfire's queues. Hangfire's own worker also marks each as begun, reads its state
/// twice and takes two of its locks on it, and a worker that dies with such a lock blocks the delivery for ten minutes; all of that guards
/// what the ledger guards here, so it is left out.</summary>
internal sealed class DeliveryProcess(string[] queues, IJobRunner runner) : IBackgroundProcess
{
    /// <summary>How long Hangfire's pages show what was delivered.</summary>
    private static readonly TimeSpan Shown = TimeSpan.FromDays(1);

    public void Execute(BackgroundProcessContext context)
    {
        using var connection = context.Storage.GetConnection();
        // Goes back into its queue when it is disposed of without having been removed.
        using var delivery = connection.FetchNextJob(queues, context.StoppingToken);
        if (connection.GetJobData(delivery.JobId)?.Job?.Args is [long job, ..])
        {
            runner.RunAsync(job, context.StoppedToken).GetAwaiter().GetResult();
        }

        // First the state: a crash in between leaves a fetched delivery, which is swept, and not a row that stays for ever.
        using var transaction = connection.CreateWriteTransaction();
        transaction.SetJobState(delivery.JobId, new SucceededState(null, 0, 0));
        transaction.ExpireJob(delivery.JobId, Shown);
        transaction.Commit();
        delivery.RemoveFromQueue();
    }
}
