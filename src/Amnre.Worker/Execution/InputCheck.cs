using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Attempts;

namespace Amnre.Worker.Execution;

/// <summary>Compares what a job reads with what the ledger remembers of it, before it is read.</summary>
internal sealed class InputCheck
{
    private readonly FileDigests _digests = new();

    /// <summary>Bytes that were read so far to compare them.</summary>
    public long BytesRead => _digests.BytesRead;

    /// <param name="ticket">Whose inputs.</param>
    /// <param name="again">Read all, also what this process compared before and what has not changed since.</param>
    /// <param name="cancel">Cancels.</param>
    /// <returns>What is damaged or lost, and of results that nothing stands for a sentence; null when all is as it was published.</returns>
    /// <exception cref="IOException">A file is there and cannot be read: not its fault.</exception>
    /// <exception cref="UnauthorizedAccessException">A file is there and may not be read.</exception>
    public AttemptResult.Damaged? Find(JobTicket ticket, bool again, CancellationToken cancel)
    {
        var found = ticket.Inputs.DistinctBy(input => input.Path)
            .Select(input => ErrorOf(input, again, cancel) is { } error ? new DamagedInput(input.Token, error) : null)
            .OfType<DamagedInput>().ToList();
        if (found.Count > 0)
            return new AttemptResult.Damaged(found, found[0].Message + (found.Count > 1 ? $"; and {found.Count - 1} more" : ""));
        return ticket.Unpublished is [var first, ..] ? new AttemptResult.Damaged([], $"what {first} made is not published any more") : null;
    }

    private string? ErrorOf(TicketInput input, bool again, CancellationToken cancel)
    {
        var name = $"input {input.Name} of {input.Job}";
        try
        {
            var bytes = new FileInfo(input.Path) is { Exists: true } there ? there.Length : (long?)null;
            if (bytes is { } length && length != input.Bytes)
                return $"{name} is damaged: {input.Path} has {length} bytes instead of {input.Bytes}";
            // Also what seems not to be there is opened: a file that may not be looked at is not lost.
            var sha256 = _digests.Of(input.Path, again, cancel);
            return sha256 == input.Sha256 ? null : $"{name} is damaged: {input.Path} has the SHA-256 {sha256} instead of {input.Sha256}";
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return $"{name} is lost: {input.Path} is not in the store any more";
        }
    }
}
