namespace Amnre.Cli.Local;

/// <summary>Where and how a study runs on this machine.</summary>
internal sealed record StudyOptions
{
    /// <summary>Absolute folder of datasets, models, results and the private database.</summary>
    public required string Store { get; init; }

    /// <summary>Connection string of an existing server; null starts a private one.</summary>
    public string? Postgres { get; init; }

    public string? PostgresBinaries { get; init; }

    /// <summary>Compare the digests of all results before they are reused.</summary>
    public bool Verify { get; init; }

    public required int Workers { get; init; }

    /// <summary>Address of the dashboard; port 0 takes a free one.</summary>
    public required string Dashboard { get; init; }
}
