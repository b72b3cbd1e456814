namespace Amnre.Engine.Sampling;

/// <summary>How the sampling of one observation went.</summary>
/// <param name="StartEffectiveSize">Effective number of prior draws that the chains were started from, (Σw)² / Σw²:
/// a handful means that narrow modes may have been missed.</param>
/// <param name="Acceptance">Fraction of proposals accepted after burn-in.</param>
public sealed record ChainReport(double StartEffectiveSize, double Acceptance);
