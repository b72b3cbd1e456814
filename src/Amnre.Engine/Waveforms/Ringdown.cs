using System.Globalization;

namespace Amnre.Engine.Waveforms;

/// <summary>Final spin, radiated energy, and the frequency and damping of the (2, 2) mode of what is left.</summary>
/// <param name="FinalSpin">Dimensionless; negative when opposed to the orbital angular momentum.</param>
/// <param name="RadiatedEnergy">Part of the total mass.</param>
/// <param name="Frequency">M·f.</param>
/// <param name="Damping">M·f.</param>
internal readonly record struct Ringdown(double FinalSpin, double RadiatedEnergy, double Frequency, double Damping)
{
    private static readonly Lazy<(NaturalSpline Frequency, NaturalSpline Damping)> Modes = new(ReadModes);

    /// <param name="pair">The masses and aligned spins.</param>
    /// <param name="chip">χ_p, put on the larger body.</param>
    public static Ringdown Of(in AlignedPair pair, double chip)
    {
        var (eta, d) = (pair.Eta, pair.Difference);
        double x1 = (1 + d) / 2, x2 = (1 - d) / 2;
        var s = x1 * x1 * pair.LargerSpin + x2 * x2 * pair.SmallerSpin;
        var aligned = eta * (3.4641016151377544 + eta * (-4.399247300629289 + eta * (9.397292189321194 - 13.180949901606242 * eta))
            + s * (1 / eta - 0.0850917821418767 - 5.837029316602263 * eta
                + s * (0.1014665242971878 - 2.0967746996832157 * eta
                    + s * (-1.3546806617824356 + 4.108962025369336 * eta
                        + s * (-0.8676969352555539 + 2.064046835273906 * eta)))));
        var inPlane = chip * pair.LargerPart * pair.LargerPart;
        var size = Math.Sqrt(inPlane * inPlane + aligned * aligned);
        var spin = Math.Clamp(aligned < 0 ? -size : size, -1, 1);

        var sh = s / (x1 * x1 + x2 * x2);
        var energy = eta * (0.055974469826360077 + eta * (0.5809510763115132 + eta * (-0.9606726679372312 + eta * 3.352411249771192)))
            * (1 + (-0.0030302335878845507 + eta * (-2.0066110851351073 + eta * 7.7050567802399215)) * sh)
            / (1 + (-0.6714403054720589 + eta * (-1.4756929437702908 + eta * 7.304676214885011)) * sh);
        var (frequency, damping) = Modes.Value;
        return new(spin, energy, frequency.At(spin) / (1 - energy), damping.At(spin) / (1 - energy));
    }

    /// <summary>The table of LALSimIMRPhenomD.h: final spin, M·f_ring, M·f_damp.</summary>
    private static (NaturalSpline, NaturalSpline) ReadModes()
    {
        using var stream = typeof(Ringdown).Assembly.GetManifestResourceStream("Ringdown.csv")!;
        using var reader = new StreamReader(stream);
        double[][] rows =
        [
            .. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1)
                .Select(line => Array.ConvertAll(line.Split(','), text => double.Parse(text, CultureInfo.InvariantCulture))),
        ];
        double[] Column(int i) => Array.ConvertAll(rows, row => row[i]);
        return (new(Column(0), Column(1)), new(Column(0), Column(2)));
    }
}
