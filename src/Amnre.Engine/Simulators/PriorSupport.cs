namespace Amnre.Engine.Simulators;

/// <summary>Whether parameters lie within the bounds of a prior.</summary>
internal static class PriorSupport
{
    /// <summary>Of a parameter's range: theta in single precision, or converted by another program, may fall beyond a bound by
    /// rounding.</summary>
    private const float Rounding = 1e-5f;

    /// <summary>The first value of theta (n, D) beyond its parameter's bounds, parameter by parameter; null when all are within. What is
    /// not finite is not looked at.</summary>
    public static (int Row, int Parameter)? FirstOutside(ISimulator simulator, ReadOnlySpan<float> theta)
    {
        var (low, high) = (simulator.Low.ToArray(), simulator.High.ToArray());
        var size = low.Length;
        for (var k = 0; k < size; k++)
        {
            var slack = (high[k] - low[k]) * Rounding;
            var (least, most) = (low[k] - slack, high[k] + slack);
            for (var i = k; i < theta.Length; i += size)
                if ((theta[i] < least || theta[i] > most) && !float.IsInfinity(theta[i])) return (i / size, k);
        }

        return null;
    }
}
