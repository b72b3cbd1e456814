namespace Amnre.Engine.Searches;

/// <summary>One rung of a search: which of its candidates go on. Outputs: <c>decision.json</c>, and with <see cref="Adopts"/> the files of
/// the best candidate's training.</summary>
public sealed record DecideSettings
{
    /// <summary>Names, in the order of the file; it breaks ties.</summary>
    public required IReadOnlyList<string> Candidates { get; init; }

    /// <summary>What is compared, of the last epoch trained; lower is better.</summary>
    public required string Metric { get; init; }

    /// <summary>From 1.</summary>
    public required int Rung { get; init; }

    /// <summary>Epochs that its trainings stop after.</summary>
    public required int Epochs { get; init; }

    /// <summary>How many go on at most.</summary>
    public required int Keep { get; init; }

    /// <summary>The last rung: the best candidate's model becomes the search's.</summary>
    public bool Adopts { get; init; }
}
