namespace Amnre.Engine.Truth;

/// <summary>What an observation of SLCP says: mean and scatter matrix of its points are sufficient for theta.</summary>
internal readonly record struct SlcpData(int Points, double Mean1, double Mean2, double S11, double S12, double S22)
{
    /// <summary>1 − r², with r the correlation of the points; at least 1e-4.</summary>
    public double Spread => Math.Max(1e-4, 1 - S12 * S12 / (S11 * S22));

    /// <param name="x">(points, 2), row-major.</param>
    public static SlcpData Of(ReadOnlySpan<float> x)
    {
        var points = x.Length / 2;
        double mean1 = 0, mean2 = 0;
        for (var i = 0; i < points; i++) (mean1, mean2) = (mean1 + x[2 * i], mean2 + x[2 * i + 1]);
        (mean1, mean2) = (mean1 / points, mean2 / points);
        double s11 = 0, s12 = 0, s22 = 0;
        for (var i = 0; i < points; i++)
        {
            var (d1, d2) = (x[2 * i] - mean1, x[2 * i + 1] - mean2);
            (s11, s12, s22) = (s11 + d1 * d1, s12 + d1 * d2, s22 + d2 * d2);
        }

        // Points that agree to the last bit would make the scatter singular; the likelihood's own floor is larger than this.
        const double MinScale = 1e-18;
        return new SlcpData(points, mean1, mean2, Math.Max(s11, MinScale), s12, Math.Max(s22, MinScale));
    }

    /// <summary>The same with the two coordinates exchanged.</summary>
    public SlcpData Exchanged() => new(Points, Mean2, Mean1, S22, S12, S11);
}
