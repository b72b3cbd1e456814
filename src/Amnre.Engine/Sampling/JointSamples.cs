namespace Amnre.Engine.Sampling;

/// <summary>Draws from an estimated joint posterior of one observation.</summary>
/// <param name="Theta">(rows, D), row-major.</param>
/// <param name="ThetaSize">Number of parameters D.</param>
/// <param name="StartEffectiveSize">Effective number of prior draws that the chains were started from, (Σw)² / Σw²:
/// a handful means that narrow modes may have been missed.</param>
/// <param name="Acceptance">Fraction of proposals accepted after burn-in.</param>
public sealed record JointSamples(float[] Theta, int ThetaSize, double StartEffectiveSize, double Acceptance)
{
    public int Rows => Theta.Length / ThetaSize;
}
