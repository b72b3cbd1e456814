namespace Amnre.Jobs.Transport;

/// <summary>What travels through the transport between processes: a job's number and nothing else.</summary>
public interface IJobRunner
{
    /// <summary>Claims the job and runs it; does nothing when the claim is refused, so duplicate deliveries are harmless. Never
    /// throws.</summary>
    Task RunAsync(long jobId, CancellationToken cancel);
}
