using Amnre.Engine.Catalog;
using Amnre.Engine.Simulators;
using Amnre.Engine.Truth;

namespace Amnre.Engine.Tests.Truth;

/// <summary>The posterior of the benchmark's epidemic, which has no closed form.</summary>
public sealed class EpidemicTruthTests
{
    private const int Cells = 61;

    [Fact]
    public void Draws_have_the_moments_of_a_quadrature()
    {
        var simulator = (ITractableSimulator)SimulatorCatalog.Find("sbibm-sir");
        var (theta, x) = (new float[20], new float[100]);
        ((IReferenceEvents)simulator).Events(0, theta, x);
        var observed = x.AsSpan(0, 10).ToArray();
        var drawn = TruePosterior.Draws(simulator, observed, 0, 1000, 0, 2, TestContext.Current.CancellationToken);
        Assert.InRange(drawn.RHat, 1, TrueDraws.MaxRHat);
        Assert.InRange(drawn.EffectiveSize, 500, 1000);

        // Ln θ of the draws decides only where the quadrature looks: six deviations on each side of their means.
        var (means, deviations) = (new double[2], new double[2]);
        for (var d = 0; d < 2; d++)
        {
            var values = drawn.Theta.Where((_, i) => i % 2 == d).Select(value => Math.Log(value)).ToArray();
            means[d] = values.Average();
            deviations[d] = Math.Sqrt(values.Average(value => (value - means[d]) * (value - means[d])));
        }

        double Place(int d, int cell) => means[d] + deviations[d] * 12 * (cell - Cells / 2) / (Cells - 1);
        var grid = new float[2 * Cells * Cells];
        for (var i = 0; i < Cells * Cells; i++)
            (grid[2 * i], grid[2 * i + 1]) = ((float)Math.Exp(Place(0, i / Cells)), (float)Math.Exp(Place(1, i % Cells)));
        var density = new PosteriorDensity(simulator, observed);
        var likelihood = new double[Cells * Cells];
        density.LogLikelihoods(grid, likelihood);
        for (var i = 0; i < likelihood.Length; i++)
            likelihood[i] += density.LogPrior(grid.AsSpan(2 * i, 2), [Place(0, i / Cells), Place(1, i % Cells)]);
        var most = likelihood.Max();
        var weights = Array.ConvertAll(likelihood, value => Math.Exp(value - most));
        for (var d = 0; d < 2; d++)
        {
            double Cell(int i) => Place(d, d == 0 ? i / Cells : i % Cells);
            var mean = weights.Select((weight, i) => weight * Cell(i)).Sum() / weights.Sum();
            var variance = weights.Select((weight, i) => weight * Math.Pow(Cell(i) - mean, 2)).Sum() / weights.Sum();
            Assert.InRange((means[d] - mean) / Math.Sqrt(variance), -0.15, 0.15);
            Assert.InRange(deviations[d] / Math.Sqrt(variance), 0.9, 1.1);
        }
    }
}
