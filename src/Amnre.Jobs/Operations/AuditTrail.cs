using Amnre.Jobs.Ledger;
using Amnre.Jobs.Specs;
using Npgsql;

namespace Amnre.Jobs.Operations;

/// <summary>Who asked for what, and when: events of kind <see cref="Asked"/>, which no collection of garbage removes.</summary>
public sealed class AuditTrail(NpgsqlDataSource database)
{
    public const string Asked = "asked";

    public Task SubmissionAsync(Requester by, ExperimentPlan plan, CancellationToken cancel) =>
        RecordAsync(by, $"submit {plan.Name} of {plan.Jobs.Count} jobs", null, null, cancel);

    public Task ExtensionAsync(Requester by, ExperimentPlan plan, CancellationToken cancel) =>
        RecordAsync(by, $"extend {plan.Name} to {plan.Jobs.Count} jobs", null, null, cancel);

    /// <param name="by">Who asks.</param>
    /// <param name="what">What, in the words of the command line.</param>
    /// <param name="experimentId">Null when it concerns no single experiment.</param>
    /// <param name="jobId">Null when it concerns no single job.</param>
    public async Task RecordAsync(Requester by, string what, long? experimentId, long? jobId, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await LedgerEvents.RecordAsync(connection, experimentId, jobId, Asked, $"{by}: {what}", cancel);
    }
}
