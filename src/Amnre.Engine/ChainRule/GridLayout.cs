namespace Amnre.Engine.ChainRule;

/// <summary>How the grids of draws are laid out.</summary>
/// <param name="Guide">Gives their first knots; null for where the marginals have their mass.</param>
/// <param name="Rounds">Rounds that add knots, with a guide only where it misses the peak.</param>
internal sealed record GridLayout(ConditionalGuide? Guide, int Rounds);
