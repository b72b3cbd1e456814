namespace Amnre.Cli.Spelling;

/// <summary>A command line in the spelling that the parser takes.</summary>
/// <param name="Words">Options as <c>--name=value</c>, and what is no option as it was.</param>
/// <param name="Errors">One sentence for each word that cannot be understood; empty when all can.</param>
internal sealed record Spelt(IReadOnlyList<string> Words, IReadOnlyList<string> Errors);
