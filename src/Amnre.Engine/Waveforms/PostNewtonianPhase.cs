using static Amnre.Engine.Waveforms.PhysicalConstants;

namespace Amnre.Engine.Waveforms;

/// <summary>The phase of the inspiral by post-Newtonian theory (TaylorF2), to order 3.5 with aligned spins:
/// Σ V[i]·u^(i−5) + (Log5 + Log6·u)·ln u, u = (π·M·f)^(1/3).</summary>
/// <remarks>Without the spin–spin term of third order, which LALSuite's series holds and PhenomD takes off again.</remarks>
internal readonly struct PostNewtonianPhase
{
    public PostNewtonianPhase(in AlignedPair pair)
    {
        double e = pair.Eta, cL = pair.LargerSpin, cS = pair.SmallerSpin, xL = pair.LargerPart, xS = pair.SmallerPart;
        var n0 = 3 / (128 * e);
        var pi2 = Math.PI * Math.PI;
        var spin5 = Order5(xL) * cL + Order5(xS) * cS;
        V =
        [
            n0,
            0,
            n0 * (5.0 / 9) * (743.0 / 84 + 11 * e),
            n0 * (-16 * Math.PI + Order3(xL) * cL + Order3(xS) * cS),
            n0 * (5.0 / 72 * (3058673.0 / 7056 + 5429 * e / 7 + 617 * e * e)
                - 474 / 4.8 * e * cL * cS - 486 / 9.6 * (xL * xL * cL * cL + xS * xS * cS * cS)),
            n0 * (5.0 / 9 * Math.PI * (7729.0 / 84 - 13 * e) + spin5),
            n0 * (11583231236531.0 / 4694215680 - 640.0 / 3 * pi2 - 6848.0 / 21 * (EulerGamma + Math.Log(4))
                + e * (-15737765635.0 / 3048192 + 2255.0 / 12 * pi2) + 76055.0 / 1728 * e * e - 127825.0 / 1296 * e * e * e
                + Order6(xL) * cL + Order6(xS) * cS),
            n0 * (Math.PI * (77096675.0 / 254016 + 378515 * e / 1512 - 74045 * e * e / 756) + Order7(xL) * cL + Order7(xS) * cS),
        ];
        Log5 = n0 * (5.0 / 3 * Math.PI * (7729.0 / 84 - 13 * e) + 3 * spin5);
        Log6 = n0 * (-6848.0 / 21);
    }

    /// <summary>Factors of u^(−5) to u².</summary>
    public double[] V { get; }

    /// <summary>Factor of ln u.</summary>
    public double Log5 { get; }

    /// <summary>Factor of u·ln u.</summary>
    public double Log6 { get; }

    // What a spin counts in each order, for a body of x parts of the total mass.
    private static double Order3(double x) => x * (25 + 38 * x / 3);

    private static double Order5(double x)
    {
        var y = x * (1 - x);
        return -x * (13915.0 / 84 - 10 * y / 3 + x * (12760.0 / 81 + 170 * y / 9));
    }

    private static double Order6(double x) => Math.PI * x * (1490.0 / 3 + 260 * x);

    private static double Order7(double x)
    {
        var y = x * (1 - x);
        return x * (-170978035.0 / 48384 + 2876425 * y / 672 + 4735 * y * y / 144
            + x * (-7189233785.0 / 1524096 + 458555 * y / 3024 - 5345 * y * y / 72));
    }
}
