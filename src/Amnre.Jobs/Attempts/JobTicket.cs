using Amnre.Jobs.Specs;

namespace Amnre.Jobs.Attempts;

/// <summary>The right to one attempt at a job, and all that the attempt needs to know. Only the holder of the current token may
/// commit.</summary>
public sealed record JobTicket
{
    public required long JobId { get; init; }

    /// <summary>Grows with every claim in the ledger.</summary>
    public required long Token { get; init; }

    /// <summary>1 for the first attempt at this job.</summary>
    public required int Attempt { get; init; }

    public required string Experiment { get; init; }

    public required string Name { get; init; }

    public required JobKind Kind { get; init; }

    /// <summary>Canonical JSON of the kind's settings record.</summary>
    public required string Settings { get; init; }

    public required Fingerprint Fingerprint { get; init; }

    /// <summary>In the order of the plan; a pattern's matches in ordinal order.</summary>
    public required IReadOnlyList<TicketInput> Inputs { get; init; }

    /// <summary>Jobs that it reads from and whose results nothing stands for: they were withdrawn since it became ready.</summary>
    public IReadOnlyList<string> Unpublished { get; init; } = [];

    /// <summary>The identity of the store that the ledger speaks of; null when it knows none.</summary>
    public string? StoreId { get; init; }

    public required IReadOnlyList<JobOutput> Outputs { get; init; }

    public required JobResources Resources { get; init; }

    /// <summary>Of the span that handed the job out, or else of its submission; null where neither is known.</summary>
    public string? Traceparent { get; init; }

    /// <summary>Absolute; this attempt's alone.</summary>
    public required string OutputDirectory { get; init; }

    /// <summary>Where the copy of a user's file lies, by the SHA-256 of its content.</summary>
    public required Func<string, string> UserFile { get; init; }

    /// <summary>Absolute; holds what earlier attempts at the same result saved.</summary>
    public required string CheckpointDirectory { get; init; }
}

/// <summary>A file that the job reads.</summary>
/// <param name="Role">As in <see cref="JobInput.Role"/>.</param>
/// <param name="Job">The job that made it.</param>
/// <param name="Name">Its name among that job's outputs.</param>
/// <param name="Path">Absolute.</param>
public sealed record TicketInput(string Role, string Job, string Name, string Path)
{
    /// <summary>Of the attempt that made it.</summary>
    public long Token { get; init; }

    /// <summary>As the ledger remembers it.</summary>
    public long Bytes { get; init; }

    /// <summary>As the ledger remembers it: lower-case hexadecimal.</summary>
    public string Sha256 { get; init; } = "";
}
