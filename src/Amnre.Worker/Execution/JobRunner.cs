using System.Diagnostics;
using System.Globalization;
using Amnre.Engine;
using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Attempts;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Postgres;
using Amnre.Jobs.Specs;
using Amnre.Jobs.Tracing;
using Amnre.Jobs.Transport;
using Amnre.Worker.Drain;
using Amnre.Worker.Kinds;
using Microsoft.Extensions.Logging;

namespace Amnre.Worker.Execution;

/// <summary>Takes one delivery: claims, runs, publishes.</summary>
internal sealed class JobRunner(
    WorkerIdentity identity, IAttemptLedger attempts, ArtifactStore store, IReadOnlyDictionary<JobKind, IJobExecution> executions,
    LeaseKeeper keeper, DrainSignal drain, RunMeasure measure, TimeSpan lease, TimeProvider clock, ILogger<JobRunner> logger) : IJobRunner
{
    /// <summary>No timer lasts longer, nor any attempt; a limit beyond it limits nothing.</summary>
    private static readonly TimeSpan LongestTimer = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    private readonly InputCheck _inputs = new();
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

            await AwaitRoomAsync();
            var (claimedAt, begun) = (clock.GetTimestamp(), clock.GetUtcNow());
            var ticket = await attempts.ClaimAsync(jobId, identity.Id, lease, CancellationToken.None);
            if (ticket is null)
            {
                logger.LogDebug("Nothing to claim of job {JobId}", jobId);
                return;
            }

            using var held = keeper.Hold(ticket.Token, claimedAt);
            using var span = Traces.Continue($"attempt {EnumName.Of(ticket.Kind)}", ActivityKind.Consumer,
                ticket.Traceparent, begun);
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
                logger.LogInformation("{ExperimentName}: {JobName} begins, attempt {Attempt}, token {Token}", ticket.Experiment,
                    ticket.Name, ticket.Attempt, ticket.Token);
                using var log = new AttemptLog(store, ticket, identity.Id, clock, logger);
                held.Log = log;
                var result = await RunAsync(ticket, held, log);
                log.Write(WordsOf(result));
                if (result is not (AttemptResult.Completed or AttemptResult.Drained)) span.Failed(WordsOf(result));
                bool accepted;
                using (Traces.Start("publish")) accepted = await _settlement.SettleAsync(ticket, result);
                span?.SetTag("amnre.outcome", result.GetType().Name.ToLowerInvariant()).SetTag("amnre.accepted", accepted);
                var word = accepted ? "outcome recorded" : "outcome rejected: the lease was reassigned, outputs discarded";
                logger.LogInformation("{ExperimentName}: {JobName} ended: {End}; {Word}", ticket.Experiment, ticket.Name, WordsOf(result),
                    word);
                log.Write(word);
            }
            finally
            {
                keeper.Release();
            }
        }
        catch (Exception e) // The transport must never see a failure: it would keep it for ever and know no better what to do.
        {
            logger.LogError(e, "Delivery of job {JobId} failed; the ledger will dispatch it again", jobId);
        }
    }

    /// <summary>A job is not begun on a full disk, which would cost it an attempt. In the end it is, and its failure says why.</summary>
    private async Task AwaitRoomAsync()
    {
        try
        {
            await DiskRoom.WaitAsync(store.Root, DiskRoom.ToBegin, said => logger.LogWarning("{Said}", said), clock, drain.Token);
        }
        catch (ServerTroubleException full)
        {
            logger.LogWarning("{Message}", full.Message);
        }
        catch (OperationCanceledException) when (drain.IsRequested)
        {
        }
    }

    private static string WordsOf(AttemptResult result) => result switch
    {
        AttemptResult.Completed done => $"succeeded: {string.Join(", ", done.Files.Select(file => $"{file.Name} ({file.Bytes} bytes)"))}",
        AttemptResult.Failed failed => $"failed ({failed.Class}): {failed.Message}",
        AttemptResult.Damaged damaged => $"what it reads is to be made again: {damaged.Message}",
        AttemptResult.Drained => "returned to the queue with its work saved",
        AttemptResult.Cancelled => "stopped: cancelled",
        _ => "stopped: the lease was lost",
    };

    private async Task<AttemptResult> RunAsync(JobTicket ticket, HeldAttempt held, AttemptLog log)
    {
        using var limit = ticket.Resources.Time is { } time && time <= LongestTimer
            ? new CancellationTokenSource(time, clock)
            : new CancellationTokenSource();
        using var onLimit = limit.Token.Register(() => held.StopFor(StopReason.TimeLimit));
        using var onGrace = drain.GraceOver.Register(() => held.StopFor(StopReason.GraceOver));
        try
        {
            return await RunThread.RunAsync($"job {ticket.Name}", () => Execute(ticket, held, log));
        }
        catch (Exception e) // Every failure of a run has an owner; which, decides what the graph does next.
        {
            if (AttemptResult.Of(held.Reason, ticket.Resources.Time) is { } told) return told;
            log.Failure(e);
            var (failure, message) = FailureClassifier.Classify(e);
            logger.LogWarning(e, "{JobName} failed ({FailureClass})", ticket.Name, failure);
            return await OwnerAsync(ticket, failure, message, held.Stop);
        }
    }

    /// <summary>Who is blamed for a failure: before the user is, the store and the files that were read are looked at once more.</summary>
    private async Task<AttemptResult> OwnerAsync(JobTicket ticket, FailureClass failure, string message, CancellationToken stop)
    {
        if (StorePresence.ErrorOf(store, ticket.StoreId) is { } gone)
            return new AttemptResult.Failed(FailureClass.Infrastructure, $"{gone} ({message})");
        if (failure == FailureClass.User && ticket.Inputs.Count > 0)
        {
            try
            {
                if (await RunThread.RunAsync($"inputs of {ticket.Name}", () => _inputs.Find(ticket, again: true, stop)) is { } damaged)
                    return damaged;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return new AttemptResult.Failed(FailureClassifier.Classify(e).Class, $"{e.Message} ({message})");
            }
            catch (OperationCanceledException)
            {
                // It is stopped anyway.
            }
        }

        return new AttemptResult.Failed(failure, message);
    }

    private AttemptResult Execute(JobTicket ticket, HeldAttempt held, AttemptLog log)
    {
        if (!executions.TryGetValue(ticket.Kind, out var execution))
        {
            throw new InputException($"this worker cannot do jobs of kind {ticket.Kind}: start workers of the version that submitted it");
        }

        if (Fetch(ticket, held, log) is { } instead) return instead;
        using var handBack = CancellationTokenSource.CreateLinkedTokenSource(drain.Token, held.HandBack);
        RunEnd end;
        using (Traces.Start("run"))
            end = execution.Run(ticket,
                new RunContext
                {
                    Progress = held,
                    Stop = held.Stop,
                    Drain = handBack.Token,
                    Clock = clock,
                    Saved = measure.Saved,
                    Note = log.Write,
                });
        if (end == RunEnd.Drained) return new AttemptResult.Drained();
        using var hash = Traces.Start("hash");
        if (StorePresence.ErrorOf(store, ticket.StoreId) is { } vanished)
            return new AttemptResult.Failed(FailureClass.Infrastructure, vanished);
        var made = store.Collect(ticket.Fingerprint, ticket.Token, ticket.Outputs, held.Stop);
        if (execution.Decided(ticket) is { Count: > 0 } decided) made = [made[0] with { Decided = decided }, .. made.Skip(1)];
        // What was written while the store was away lies where it is never read.
        return StorePresence.ErrorOf(store, ticket.StoreId) is { } gone
            ? new AttemptResult.Failed(FailureClass.Infrastructure, gone)
            : new AttemptResult.Completed(made);
    }

    /// <summary>Compares what the job reads with what was published, and makes its folders.</summary>
    /// <returns>Null when the job can run.</returns>
    private AttemptResult? Fetch(JobTicket ticket, HeldAttempt held, AttemptLog log)
    {
        using var span = Traces.Start("fetch");
        span?.SetTag("amnre.inputs", ticket.Inputs.Count);
        if (StorePresence.ErrorOf(store, ticket.StoreId) is { } gone) return new AttemptResult.Failed(FailureClass.Infrastructure, gone);
        var (begun, read) = (clock.GetTimestamp(), _inputs.BytesRead);
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(held.Stop, drain.Token, held.HandBack);
        try
        {
            if (_inputs.Find(ticket, again: false, leave.Token) is { } damaged)
            {
                // What is not there is not damaged while the whole store is not there.
                return StorePresence.ErrorOf(store, ticket.StoreId) is { } vanished
                    ? new AttemptResult.Failed(FailureClass.Infrastructure, vanished) : damaged;
            }
        }
        catch (OperationCanceledException) when (!held.Stop.IsCancellationRequested)
        {
            return new AttemptResult.Drained();
        }

        if (_inputs.BytesRead - read is > 0 and var bytes)
            log.Write(string.Create(CultureInfo.InvariantCulture,
                $"compared its inputs with their digests: {bytes} bytes in {clock.GetElapsedTime(begun).TotalSeconds:0.00} s"));
        Directory.CreateDirectory(ticket.OutputDirectory);
        Directory.CreateDirectory(ticket.CheckpointDirectory);
        return null;
    }
}
