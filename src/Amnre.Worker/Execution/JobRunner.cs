using System.Diagnostics;
using Amnre.Engine;
using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Attempts;
using Amnre.Jobs.Specs;
using Amnre.Jobs.Tracing;
using Amnre.Jobs.Transport;
using Amnre.Worker.Drain;
using Amnre.Worker.Hosting;
using Microsoft.Extensions.Logging;

namespace Amnre.Worker.Execution;

/// <summary>Takes one delivery: claims, runs, publishes.</summary>
internal sealed class JobRunner(
    WorkerIdentity identity, IAttemptLedger attempts, ArtifactStore store, IReadOnlyDictionary<JobKind, IJobExecution> executions,
    LeaseKeeper keeper, DrainSignal drain, RunMeasure measure, TimeSpan lease, TimeProvider clock, ILogger<JobRunner> logger) : IJobRunner
{
    /// <summary>No timer lasts longer, nor any attempt; a limit beyond it limits nothing.</summary>
    private static readonly TimeSpan LongestTimer = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    private readonly Settlement _settlement = new(attempts, store, drain, clock, logger);

    /// <param name="cancel">The transport's; not used, because a worker that stops drains instead of cancelling.</param>
    public async Task RunAsync(long jobId, CancellationToken cancel)
    {
        try
        {
            if (drain.IsRequested)
            {
                return;
            }

            var (claimedAt, begun) = (clock.GetTimestamp(), clock.GetUtcNow());
            var ticket = await attempts.ClaimAsync(jobId, identity.Id, lease, CancellationToken.None);
            if (ticket is null)
            {
                logger.LogDebug("Nothing to claim of job {JobId}", jobId);
                return;
            }

            using var held = keeper.Hold(ticket.Token, claimedAt);
            using var span = Traces.Continue($"attempt {ticket.Kind.ToString().ToLowerInvariant()}", ActivityKind.Consumer, ticket.Traceparent, begun);
            span?.SetTag("amnre.experiment", ticket.Experiment).SetTag("amnre.job", ticket.Name).SetTag("amnre.job.id", jobId)
                .SetTag("amnre.attempt", ticket.Attempt).SetTag("amnre.token", ticket.Token).SetTag("amnre.worker", identity.Id);
            Traces.Past("claim", begun);
            using var scope = logger.BeginScope(new Dictionary<string, object>
            {
                ["ExperimentName"] = ticket.Experiment,
                ["JobName"] = ticket.Name,
                ["JobId"] = jobId,
                ["Attempt"] = ticket.Attempt,
                ["Token"] = ticket.Token,
            });
            try
            {
                logger.LogInformation("{ExperimentName}: {JobName} begins, attempt {Attempt}, token {Token}", ticket.Experiment, ticket.Name, ticket.Attempt, ticket.Token);
                using var log = new AttemptLog(store, ticket, identity.Id, clock, logger);
                held.Log = log;
                var result = await RunAsync(ticket, held, log);
                log.Write(WordsOf(result));
                if (result is not (AttemptResult.Completed or AttemptResult.Drained)) span.Failed(WordsOf(result));
                bool accepted;
                using (Traces.Start("publish")) accepted = await _settlement.SettleAsync(ticket, result);
                span?.SetTag("amnre.outcome", result.GetType().Name.ToLowerInvariant()).SetTag("amnre.accepted", accepted);
                var word = accepted ? "the ledger has taken note" : "refused: the attempt had been given away, and its files are nobody's";
                logger.LogInformation("{ExperimentName}: {JobName} ended: {End}; {Word}", ticket.Experiment, ticket.Name, WordsOf(result), word);
                log.Write(word);
            }
            finally
            {
                keeper.Release();
            }
        }
        catch (Exception e) // The transport must never see a failure: it would keep it for ever and know no better what to do.
        {
            logger.LogError(e, "Delivery of job {JobId} came to nothing; the ledger will hand it out again", jobId);
        }
    }

    private static string WordsOf(AttemptResult result) => result switch
    {
        AttemptResult.Completed done => $"succeeded: {string.Join(", ", done.Files.Select(file => $"{file.Name} ({file.Bytes} bytes)"))}",
        AttemptResult.Failed failed => $"failed ({failed.Class}): {failed.Message}",
        AttemptResult.Drained => "handed back with its work saved",
        AttemptResult.Cancelled => "stopped: cancelled",
        _ => "stopped: the lease was lost",
    };

    private async Task<AttemptResult> RunAsync(JobTicket ticket, HeldAttempt held, AttemptLog log)
    {
        using var limit = ticket.Resources.Time is { } time && time <= LongestTimer ? new CancellationTokenSource(time, clock) : new CancellationTokenSource();
        using var onLimit = limit.Token.Register(() => held.StopFor(StopReason.TimeLimit));
        using var onGrace = drain.GraceOver.Register(() => held.StopFor(StopReason.GraceOver));
        try
        {
            return await RunThread.RunAsync($"job {ticket.Name}", () => Execute(ticket, held));
        }
        catch (Exception e) // Every fault of a run has an owner; which, decides what the graph does next.
        {
            return AttemptResult.Of(held.Reason, ticket.Resources.Time) ?? Failed(e);
        }

        AttemptResult.Failed Failed(Exception e)
        {
            var (failure, message) = FailureClassifier.Classify(e);
            log.Failure(e);
            logger.LogWarning(e, "{JobName} failed ({FailureClass})", ticket.Name, failure);
            return new AttemptResult.Failed(failure, message);
        }
    }

    private AttemptResult Execute(JobTicket ticket, HeldAttempt held)
    {
        if (!executions.TryGetValue(ticket.Kind, out var execution))
        {
            throw new InputException($"this worker cannot do jobs of kind {ticket.Kind}: start workers of the version that submitted it");
        }

        Fetch(ticket);
        using var handBack = CancellationTokenSource.CreateLinkedTokenSource(drain.Token, held.HandBack);
        RunEnd end;
        using (Traces.Start("run")) end = execution.Run(ticket, new RunContext { Progress = held, Stop = held.Stop, Drain = handBack.Token, Clock = clock, Saved = measure.Saved });
        if (end == RunEnd.Drained) return new AttemptResult.Drained();
        using var hash = Traces.Start("hash");
        return new AttemptResult.Completed(store.Collect(ticket.Fingerprint, ticket.Token, ticket.Outputs, held.Stop));
    }

    private static void Fetch(JobTicket ticket)
    {
        using var span = Traces.Start("fetch");
        span?.SetTag("amnre.inputs", ticket.Inputs.Count);
        if (ticket.Inputs.FirstOrDefault(input => !File.Exists(input.Path)) is { } missing)
        {
            throw new InputException($"input {missing.Name} of {missing.Job} is no longer in the store ({missing.Path}): submit the experiment again to have it made anew");
        }

        Directory.CreateDirectory(ticket.OutputDirectory);
        Directory.CreateDirectory(ticket.CheckpointDirectory);
    }
}
