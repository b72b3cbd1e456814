namespace Amnre.Engine.Sampling;

/// <summary>How the sampling of one observation by chains went.</summary>
/// <param name="StartEffectiveSize">Effective number of draws that the chains were started from, (Σw)² / Σw²:
/// a handful means that narrow modes may have been missed.</param>
/// <param name="Acceptance">Fraction of proposals accepted after burn-in.</param>
internal sealed record ChainReport(double StartEffectiveSize, double Acceptance);

/// <summary>How one marginal of one observation was sampled.</summary>
/// <param name="Way"><c>chains</c>, <c>direct</c> or <c>importance</c>.</param>
/// <param name="Samples">Samples within the prior's box.</param>
/// <param name="Inside">Their fraction of all.</param>
/// <param name="EffectiveSize">Importance: (Σw)² / Σw² of all draws; chains: that of the draws they were started from; direct: the
/// samples.</param>
/// <param name="Acceptance">Chains: fraction of proposals accepted after burn-in.</param>
internal sealed record SamplingReport(string Way, long Samples, double Inside, double EffectiveSize, double? Acceptance);
