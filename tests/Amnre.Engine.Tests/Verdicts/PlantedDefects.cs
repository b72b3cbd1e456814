using Amnre.Engine.Masks;
using MathNet.Numerics.LinearAlgebra;

namespace Amnre.Engine.Tests.Verdicts;

/// <summary>Exact posteriors with one defect each.</summary>
internal static class PlantedDefects
{
    private const int Size = 3, Values = 5;

    public static IEnumerable<PlantedCase> Of(ulong seed)
    {
        var study = new LinearStudy(Size, Values, 0.7, seed);
        // A prior matters where data say little.
        var vague = new LinearStudy(Size, Values, 3, seed);
        var sound = new NormalModel(study);
        Vector<double> deviations = study.Covariance.Diagonal().PointwiseSqrt();
        double Prior(ParameterMask mask, float[] theta) => study.LogPrior(mask, theta);

        foreach (var by in (double[])[0.25, 0.5])
            yield return new("mean of p1 shifted", Text($"{by} deviations"), study,
                new NormalModel(study) { Centre = (_, mean) => Shifted(mean, 1, by * deviations[1]) });
        yield return new("means shifted", "0.3 deviations", study,
            new NormalModel(study) { Centre = (_, mean) => mean + 0.3 * deviations });
        foreach (var by in (double[])[0.75, 1.4])
            yield return new(by < 1 ? "overconfident" : "underconfident", Text($"deviations × {by}"), study,
                new NormalModel(study) { Spread = (_, covariance) => by * by * covariance });
        foreach (var by in (double[])[0.6, 1.6])
            yield return new("log ratio scaled", Text($"× {by}"), study,
                new NormalModel(study)
                {
                    Say = (mask, theta, _, log) => Prior(mask, theta) + by * (Math.Max(log, -200) - Prior(mask, theta)),
                });
        yield return new("x shifted (wrong mean)", "0.7 in each value", study,
            new NormalModel(study) { See = x => [.. x.Select(v => v + 0.7f)] });
        yield return new("x scaled (wrong deviation)", "× 0.8", study, new NormalModel(study) { See = x => [.. x.Select(v => 0.8f * v)] });
        yield return new("values of x swapped", "0 and 1", study, new NormalModel(study) { See = x => [x[1], x[0], .. x[2..]] });
        yield return new("one value of x ignored", "set to 0", study, new NormalModel(study) { See = x => [0, .. x[1..]] });
        yield return new("parameters swapped", "p0 and p1", study, new NormalModel(study)
        {
            Centre = (_, mean) => Vector<double>.Build.Dense(Size, i => mean[Swapped(i)]),
            Spread = (_, covariance) => Matrix<double>.Build.Dense(Size, Size, (i, j) => covariance[Swapped(i), Swapped(j)]),
        });
        yield return new("marginal of p2 unlike the joint", "deviation × 1.5", study,
            new NormalModel(study) { Spread = (mask, covariance) => mask is { Count: 1, Bits: 4 } ? 2.25 * covariance : covariance });
        yield return new("marginal of p2 unlike the joint", "shifted by 0.5 deviations", study,
            new NormalModel(study)
            {
                Centre = (mask, mean) => mask is { Count: 1, Bits: 4 } ? Shifted(mean, 2, 0.5 * deviations[2]) : mean,
            });
        yield return new("pair of p0 and p2 unlike the joint", "shifted by a deviation", study,
            new NormalModel(study) { Centre = (mask, mean) => mask.Bits == 5 ? Shifted(mean, 2, deviations[2]) : mean });
        yield return new("correlations ignored", Text($"up to {Correlation(study):0.00}"), study, new NormalModel(study)
        {
            Spread = (_, covariance) => Matrix<double>.Build.DenseOfDiagonalVector(covariance.Diagonal()),
        });
        foreach (var by in (double[])[0.5, 2])
            yield return new("another prior", Text($"deviation {by} instead of 1"), vague, WithPrior(vague, by));
        foreach (var by in (double[])[1.5, 0.4])
            yield return new("total not 1", Text($"{by}"), study, new NormalModel(study) { Say = (_, _, _, log) => log + Math.Log(by) });
        yield return new("constant ratio", "the prior", study, new NormalModel(study) { Say = (mask, theta, _, _) => Prior(mask, theta) });
        yield return new("classes swapped", "1/ratio", study,
            new NormalModel(study) { Say = (mask, theta, _, log) => 2 * Prior(mask, theta) - Math.Max(log, -30) });
        yield return new("mode missing", "all of it", new SignlessStudy(), new SignlessModel(1e-6));
        yield return new("mode too small", "a fifth instead of a half", new SignlessStudy(), new SignlessModel(0.2));
        foreach (var at in (double[])[1.5, 2.2])
            yield return new("tails cut", Text($"at {at} deviations of p0"), study, new NormalModel(study)
            {
                Say = (mask, theta, x, log) => mask[0] && Math.Abs(theta[0] - Mean(study, x, 0)) > at * deviations[0]
                    ? double.NegativeInfinity
                    : log,
            });
        yield return new("NaN in a region of θ", "p0 above 1.5", study,
            new NormalModel(study) { Say = (mask, theta, _, log) => mask[0] && theta[0] > 1.5 ? double.NaN : log });
        yield return new("NaN in a region of x", "beyond 4", study,
            new NormalModel(study) { Say = (_, _, x, log) => x[0] > 4 ? double.NaN : log });
        yield return new("overconfident in a region", "deviations × 0.5 where x₀ > 0", study,
            new NormalModel(study) { Say = (mask, theta, x, log) => x[0] > 0 ? Sharper(study, mask, log) : log });
        yield return new("observation outside the simulations", "× 5", study, sound, x => [.. x.Select(v => 5 * v)]);
        yield return new("observation outside the simulations", "one value + 6 deviations", study, sound,
            x => [(float)(x[0] + 6 * Math.Sqrt(Size + 0.49)), .. x[1..]]);
        yield return new("observation with a spike", "one value + 7 of the noise", study, sound, x => [x[0] + 4.9f, .. x[1..]]);
    }

    private static NormalModel WithPrior(LinearStudy study, double deviation)
    {
        var precision = study.Covariance.Inverse();
        for (var i = 0; i < Size; i++) precision[i, i] += 1 / (deviation * deviation) - 1;
        var (covariance, back) = (precision.Inverse(), study.Covariance.Inverse());
        return new NormalModel(study) { Spread = (_, _) => covariance, Centre = (_, mean) => covariance * (back * mean) };
    }

    /// <summary>Four times the log density, in place of a density of half the deviations.</summary>
    private static double Sharper(LinearStudy study, ParameterMask mask, double log)
    {
        var indices = mask.Indices();
        var part = Matrix<double>.Build.Dense(indices.Length, indices.Length, (i, j) => study.Covariance[indices[i], indices[j]]);
        var root = -0.5 * (Math.Log(part.Determinant()) + indices.Length * Math.Log(2 * Math.PI));
        return 4 * (log - root) + root + indices.Length * Math.Log(2);
    }

    private static double Mean(LinearStudy study, float[] x, int parameter)
    {
        var sum = 0.0;
        for (var k = 0; k < x.Length; k++) sum += study.Gain[parameter, k] * x[k];
        return sum;
    }

    private static double Correlation(LinearStudy study) =>
        (from i in Enumerable.Range(0, Size)
         from j in Enumerable.Range(0, i)
         select Math.Abs(study.Covariance[i, j]) / Math.Sqrt(study.Covariance[i, i] * study.Covariance[j, j])).Max();

    private static Vector<double> Shifted(Vector<double> mean, int parameter, double by)
    {
        var shifted = mean.Clone();
        shifted[parameter] += by;
        return shifted;
    }

    private static int Swapped(int parameter) => parameter < 2 ? 1 - parameter : parameter;

    private static string Text(FormattableString text) => text.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
