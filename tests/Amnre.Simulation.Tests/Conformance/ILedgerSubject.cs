using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Attempts;
using Amnre.Jobs.Dispatching;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Specs;
using Amnre.Jobs.Submissions;
using Amnre.Jobs.Transitions;
using Amnre.Jobs.Transport;
using Amnre.Jobs.Workers;

namespace Amnre.Simulation.Tests.Conformance;

/// <summary>What is seen of a job from outside.</summary>
public sealed record SeenJob(long Id, string Name, JobState State, int Unmet, int Attempts, bool Anew, bool CancelAsked);

/// <summary>A ledger with all its sides, as the laws and the comparison see it.</summary>
public interface ILedgerSubject : IAsyncDisposable
{
    IAttemptLedger Attempts { get; }

    IGraphLedger Graph { get; }

    IDispatchLedger Dispatch { get; }

    IRescueLedger Rescue { get; }

    IDeliveries Deliveries { get; }

    Task<Submitted> SubmitAsync(ExperimentPlan plan, int priority = 0);

    Task RegisterAsync(string worker, DeviceFacts? device = null, long? memoryBytes = null);

    Task<bool> AskToDrainAsync(string worker);

    Task<int> ReportDeadAsync(string worker);

    Task<bool> CancelAsync(long experiment);

    Task<IReadOnlyList<long>> CancelJobsAsync(long experiment, IReadOnlyList<long> jobs);

    Task<bool> PauseAsync(long experiment, bool drain);

    Task<bool> ResumeAsync(long experiment);

    Task<IReadOnlyList<long>> RetryAsync(long experiment, IReadOnlyList<long> jobs);

    Task<IReadOnlyList<long>> RerunAsync(long experiment, IReadOnlyList<long> jobs);

    /// <summary>A worker takes a delivery out of the transport; it stays its own until removed.</summary>
    Task FetchAsync(long delivery);

    Task RemoveAsync(long delivery);

    /// <summary>Lets time pass on the database's clock.</summary>
    Task PassAsync(TimeSpan time);

    /// <summary>In plan order.</summary>
    Task<IReadOnlyList<SeenJob>> JobsAsync(long experiment);

    Task<ExperimentState> StateAsync(long experiment);

    /// <summary>Makes the files of a ticket.</summary>
    IReadOnlyList<ArtifactRecord> Make(JobTicket ticket);
}
