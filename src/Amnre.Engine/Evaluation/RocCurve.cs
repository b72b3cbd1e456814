namespace Amnre.Engine.Evaluation;

/// <summary>The receiver operating characteristic of weighted binary classifications: true against false positive rates for all
/// thresholds of the score, equal scores together.</summary>
internal sealed class RocCurve
{
    private readonly double[] _false;
    private readonly double[] _true;

    private RocCurve(double[] falsePositive, double[] truePositive, double area) =>
        (_false, _true, Area) = (falsePositive, truePositive, area);

    /// <summary>Area under the curve, by trapezoids.</summary>
    public double Area { get; }

    /// <param name="rows">(n, 3): label 0 or 1, score, weight.</param>
    public static RocCurve Of(float[] rows)
    {
        var order = Enumerable.Range(0, rows.Length / 3).ToArray();
        var scores = Array.ConvertAll(order, i => -rows[3 * i + 1]);
        Array.Sort(scores, order);
        var (f, t) = (new List<double> { 0 }, new List<double> { 0 });
        double negatives = 0, positives = 0;
        for (var k = 0; k < order.Length; k++)
        {
            var (label, weight) = (rows[3 * order[k]], rows[3 * order[k] + 2]);
            if (label > 0.5f) positives += weight;
            else negatives += weight;
            if (k + 1 < order.Length && scores[k + 1].Equals(scores[k])) continue;
            f.Add(negatives);
            t.Add(positives);
        }

        double[] rateFalse = [.. f.Select(value => value / negatives)], rateTrue = [.. t.Select(value => value / positives)];
        var area = 0.0;
        for (var k = 1; k < rateFalse.Length; k++) area += (rateFalse[k] - rateFalse[k - 1]) * (rateTrue[k] + rateTrue[k - 1]) / 2;
        return new RocCurve(rateFalse, rateTrue, area);
    }

    /// <summary>True positive rates at <paramref name="count"/> equidistant false positive rates from 0 to 1, linear in between;
    /// at a jump the upper end.</summary>
    public double[] TruePositiveRates(int count)
    {
        var values = new double[count];
        var k = 0;
        for (var i = 0; i < count; i++)
        {
            var at = (double)i / (count - 1);
            while (k + 1 < _false.Length && _false[k + 1] <= at) k++;
            values[i] = k + 1 == _false.Length
                ? _true[^1]
                : _true[k] + (_true[k + 1] - _true[k]) * (at - _false[k]) / (_false[k + 1] - _false[k]);
        }

        return values;
    }
}
