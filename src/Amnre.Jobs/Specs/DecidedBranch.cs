namespace Amnre.Jobs.Specs;

/// <summary>What a decision says of one of its branches: jobs whose <see cref="JobInput.Branch"/> names it run only where it is
/// admitted.</summary>
/// <param name="Branch">Unique in its decision.</param>
/// <param name="Admitted">Whether they run.</param>
/// <param name="Reason">A sentence, for people.</param>
public sealed record DecidedBranch(string Branch, bool Admitted, string Reason);
