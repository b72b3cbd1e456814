using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Attempts;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Ledger;
using Amnre.Worker.Drain;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace Amnre.Worker.Execution;

/// <summary>Tells the ledger how an attempt came out, however long the database is away, and tidies the store after it.</summary>
/// <remarks>Until the ledger answers it is unknown whether the lease was reassigned, so the finished files wait.</remarks>
internal sealed class Settlement(IAttemptLedger attempts, ArtifactStore store, DrainSignal drain, TimeProvider clock, ILogger logger)
{
    private readonly ResiliencePipeline _retries = new ResiliencePipelineBuilder { TimeProvider = clock }
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<Exception>(DatabaseOutage.IsTransient),
            MaxRetryAttempts = int.MaxValue,
            Delay = TimeSpan.FromMilliseconds(200),
            MaxDelay = TimeSpan.FromSeconds(5),
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
        })
        .Build();

    /// <returns>False when the lease had been reassigned.</returns>
    public async Task<bool> SettleAsync(JobTicket ticket, AttemptResult result)
    {
        // After the grace the process must go: an attempt that is not settled then is rescued when its lease runs out.
        var accepted = await _retries.ExecuteAsync(async cancel => await TellAsync(attempts, ticket, result, cancel), drain.GraceOver);
        Tidy(ticket, published: accepted && result is AttemptResult.Completed);
        return accepted;
    }

    /// <summary>One report, which the ledger may or may not have received when it fails.</summary>
    /// <returns>False when the lease had been reassigned.</returns>
    internal static Task<bool> TellAsync(IAttemptLedger attempts, JobTicket ticket, AttemptResult result, CancellationToken cancel) =>
        result switch
        {
            AttemptResult.Completed e => attempts.CommitAsync(ticket, e.Files, cancel),
            AttemptResult.Drained => attempts.EndAsync(ticket.Token, AttemptOutcome.Drained, null, null, cancel),
            AttemptResult.Cancelled => attempts.EndAsync(ticket.Token, AttemptOutcome.Cancelled, null, null, cancel),
            AttemptResult.LeaseLost => attempts.EndAsync(ticket.Token, AttemptOutcome.Failed, FailureClass.Infrastructure,
                "the database was out of reach for longer than the lease", cancel),
            AttemptResult.Damaged e => attempts.DamagedAsync(ticket, e.Found, e.Message, cancel),
            AttemptResult.Failed e => attempts.EndAsync(ticket.Token, AttemptOutcome.Failed, e.Class, e.Message, cancel),
            _ => throw new ArgumentOutOfRangeException(nameof(result), result, null),
        };

    private void Tidy(JobTicket ticket, bool published)
    {
        try
        {
            if (published)
            {
                store.DiscardCheckpoints(ticket.Fingerprint);
            }
            else
            {
                store.Discard(ticket.Fingerprint, ticket.Token);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) // Left-overs cost space, not correctness.
        {
            logger.LogWarning("Could not tidy up after {JobName}: {Message}", ticket.Name, e.Message);
        }
    }
}
