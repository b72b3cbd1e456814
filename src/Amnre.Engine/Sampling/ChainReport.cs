namespace Amnre.Engine.Sampling;

/// <summary>How the sampling of one observation by chains went.</summary>
/// <param name="EffectiveSize">Independent draws that the kept states are worth, as <see cref="ChainStates"/> counts them.</param>
/// <param name="Acceptance">Fraction of proposals accepted after burn-in.</param>
internal sealed record ChainReport(double EffectiveSize, double Acceptance);

/// <summary>How one marginal of one observation was sampled.</summary>
/// <param name="Way"><c>chains</c>, <c>direct</c>, <c>importance</c> or <c>chain rule</c>.</param>
/// <param name="Samples">Samples within the prior's box.</param>
/// <param name="Inside">Their fraction of all.</param>
/// <param name="EffectiveSize">Independent draws that the samples are worth. Importance: (Σw)² / Σw² of all draws; direct: the
/// samples; chains and the chain rule: less what their correlation and their weights take.</param>
/// <param name="Acceptance">Chains: fraction of proposals accepted after burn-in.</param>
internal sealed record SamplingReport(string Way, long Samples, double Inside, double EffectiveSize, double? Acceptance);
