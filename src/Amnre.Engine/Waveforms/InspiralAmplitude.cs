namespace Amnre.Engine.Waveforms;

/// <summary>The amplitude of the inspiral, relative to its first order, as a series in u = (π·M·f)^(1/3).</summary>
internal static class InspiralAmplitude
{
    /// <summary>Factors of u⁰ to u⁹; the last three were fitted.</summary>
    public static double[] Factors(in AlignedPair pair, in PhenomDFits fits)
    {
        double a = pair.LargerSpin, b = pair.SmallerSpin, e = pair.Eta, d = pair.Difference;
        const double Pi = Math.PI;
        double a2 = a * a, b2 = b * b, e2 = e * e;
        var weighted = a * (1 + d) + b * (1 - d);
        var squares = a2 * (1 + d) + b2 * (1 - d);
        var fourth = (-27312085 - 10287648 * squares
            + 24 * e * (-1975055 + 857304 * (a2 + b2) - 994896 * a * b) + 35371056 * e2) / 8128512;
        var fifth = (a * (285197 * (1 + d) - 4 * (91902 + 1579 * d) * e - 35632 * e2)
            + b * (285197 * (1 - d) - 4 * (91902 - 1579 * d) * e - 35632 * e2) + 42840 * Pi * (4 * e - 1)) / 32256;
        var sixth = -(-336 * e2 * (-3248849057 + 2943675504 * (a2 + b2) - 3339284256 * a * b) - 324322727232 * e2 * e
            - 7 * (-177520268561 + 107414046432 * squares + 11087290368 * Pi * weighted)
            + 12 * e * (-545384828789 - 176491177632 * a * b + 202603761360 * b2 + 77616 * a2 * (2610335 + 995766 * d)
                - 77287373856 * b2 * d + 5841690624 * Pi * (a + b) + 21384760320 * Pi * Pi)) / 60085960704;
        var cubeRoot = Math.Cbrt(Pi);
        return
        [
            1,
            0,
            (-969 + 1804 * e) / 672,
            (a * (81 * (1 + d) - 44 * e) + b * (81 * (1 - d) - 44 * e)) / 48,
            fourth,
            fifth,
            sixth,
            fits.Rho1 / (Pi * Pi * cubeRoot),
            fits.Rho2 / (Pi * Pi * cubeRoot * cubeRoot),
            fits.Rho3 / (Pi * Pi * Pi),
        ];
    }
}
