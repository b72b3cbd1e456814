namespace Amnre.Jobs.Graph;

/// <summary>What one job asks of another that it reads from, beyond that it is done.</summary>
/// <param name="Branch">The producer is a decision, and the reader runs only where it admits this branch; null for no such
/// condition.</param>
/// <param name="Optional">The reader runs also where the producer was pruned, and does without its files.</param>
internal sealed record EdgeRule(string? Branch, bool Optional)
{
    /// <summary>The reader's bytes do not depend on the producer's: where its results are there, they stand although the producer runs.
    /// Known while a plan is submitted.</summary>
    public bool Aside { get; init; }
}
