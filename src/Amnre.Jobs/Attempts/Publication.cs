using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Logs;
using Amnre.Jobs.Statements;
using Npgsql;

namespace Amnre.Jobs.Attempts;

/// <summary>Ends an attempt as succeeded, makes its files stand for its fingerprint, and notices when they differ from those that stood for
/// it before: all in one statement, and so in one transaction and one journey.</summary>
/// <remarks>No other attempt at the result was open while this one was, so what stood before cannot change meanwhile.</remarks>
internal static class Publication
{
    /// <returns>False when the attempt had ended already; nothing was written.</returns>
    public static async Task<bool> WriteAsync(NpgsqlConnection connection, JobTicket ticket, IReadOnlyList<ArtifactRecord> made,
        CancellationToken cancel) =>
        await connection.ExecuteScalarAsync<bool>(PublicationStatements.Publish, new
        {
            ticket.Token,
            ticket.Name,
            Fingerprint = ticket.Fingerprint.Text,
            Succeeded = LedgerText.Of(AttemptOutcome.Succeeded),
            LedgerDatabase.Channel,
            LedgerEvents.Variation,
            Names = made.Select(file => file.Name).ToArray(),
            Paths = made.Select(file => file.Path).ToArray(),
            Bytes = made.Select(file => file.Bytes).ToArray(),
            Digests = made.Select(file => file.Sha256).ToArray(),
            Measured = made.Select(file => file.Measured).ToArray(),
            Branches = made.SelectMany(file => file.Decided).Select(one => one.Branch).ToArray(),
            Admitted = made.SelectMany(file => file.Decided).Select(one => one.Admitted).ToArray(),
            Reasons = made.SelectMany(file => file.Decided).Select(one => Redaction.Of(one.Reason)).ToArray(),
        }, cancel);
}
