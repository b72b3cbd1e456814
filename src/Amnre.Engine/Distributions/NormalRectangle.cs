using MathNet.Numerics.Integration;

namespace Amnre.Engine.Distributions;

/// <summary>Chances of rectangles under the bivariate normal distribution.</summary>
internal static class NormalRectangle
{
    /// <summary>Beyond so many deviations a bound cuts nothing off.</summary>
    private const double Far = 7;

    private static readonly GaussLegendreRule Rule = new(-1, 1, 24);

    /// <summary>P(low₁ &lt; z₁ &lt; high₁, low₂ &lt; z₂ &lt; high₂) of standard normal z with correlation <paramref name="rho"/>; absolute
    /// error about 1e-5 for |ρ| below 0.996.</summary>
    public static double Chance(double low1, double high1, double low2, double high2, double rho)
    {
        if (low1 < -Far && high1 > Far) return NormalTail.Between(low2, high2);
        if (low2 < -Far && high2 > Far) return NormalTail.Between(low1, high1);
        // ∂Φ₂/∂ρ is the bivariate density (Plackett 1954); ρ = sin t takes out its singularity (Drezner and Wesolowsky 1990).
        var independent = NormalTail.Between(low1, high1) * NormalTail.Between(low2, high2);
        var end = Math.Asin(rho);
        var sum = 0.0;
        for (var i = 0; i < Rule.Order; i++)
        {
            var sine = Math.Sin(end * 0.5 * (1 + Rule.GetAbscissa(i)));
            var scale = -0.5 / (1 - sine * sine);
            sum += Rule.GetWeight(i)
                * (Corner(high1, high2, sine, scale) + Corner(low1, low2, sine, scale) - Corner(low1, high2, sine, scale)
                    - Corner(high1, low2, sine, scale));
        }

        return Math.Max(0, independent + end / (4 * Math.PI) * sum);
    }

    private static double Corner(double a, double b, double sine, double scale) => Math.Exp(scale * (a * a + b * b - 2 * a * b * sine));
}
