using Amnre.Engine.BenchmarkTasks;
using Amnre.Engine.Catalog;
using Amnre.Engine.Evaluation;
using Amnre.Engine.Histograms;
using Amnre.Engine.Masks;
using Amnre.Engine.Randomness;
using Amnre.Engine.Simulators;
using Amnre.Engine.Tests.BenchmarkTasks;
using Amnre.Engine.Truth;

namespace Amnre.Engine.Tests.Truth;

/// <summary>Draws by annealing against posteriors known in closed form, by quadrature or by exact draws.</summary>
public sealed class TrueDrawsTests
{
    private const int Count = 10_000;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("gaussian-linear", 0)]
    [InlineData("gaussian-linear-uniform", 3)]
    [InlineData("gaussian-mixture", 0)]
    [InlineData("gaussian-mixture", 9)]
    public void Annealed_draws_are_those_of_the_closed_form(string name, int index)
    {
        var (task, _, x) = BenchmarkTaskTests.Observation(name, index);
        var closed = (IClosedPosterior)task;
        var draws = Drawn(task, x, index);
        for (var d = 0; d < task.ThetaSize; d++)
        {
            // Kolmogorov and Smirnov: 0.0195 at a chance of 0.001 for 10 000 draws.
            var values = Column(draws, d, task.ThetaSize);
            Array.Sort(values);
            var weights = closed.Weights(x);
            var worst = values.Select((value, i) => Math.Abs(
                weights.Select((weight, k) => weight * closed.Below(x, k, d, value)).Sum() - (i + 0.5) / values.Length)).Max();
            Assert.InRange(worst, 0, 0.0215);
        }
    }

    [Fact]
    public void The_evidence_is_that_of_the_closed_form()
    {
        var (linear, _, x) = BenchmarkTaskTests.Observation("gaussian-linear", 1);
        var expected = x.Sum(value => -0.5 * value * value / 0.2 - 0.5 * Math.Log(2 * Math.PI * 0.2));
        Near(expected, TrueDraws.Of(linear, x, 0, Count, 1, 2, Stop));

        var (mixture, _, y) = BenchmarkTaskTests.Observation("gaussian-mixture", 2);
        var masses = ((IClosedPosterior)mixture).Weights(y);
        Near(Math.Log(0.5 / masses.Max() / 400), TrueDraws.Of(mixture, y, 0, Count, 1, 2, Stop));

        static void Near(double expected, TrueDraws found)
        {
            Assert.InRange(found.EvidenceError, 0.001, 0.1);
            Assert.InRange((found.LogEvidence - expected) / found.EvidenceError, -4, 4);
        }
    }

    /// <summary>Half of the prior's 1/4 for each share of the exact draws that the square accepts: 1, 0.4267 and 0.8726.</summary>
    [Theory]
    [InlineData(0, 1)]
    [InlineData(4, 0.4267)]
    [InlineData(9, 0.8726)]
    public void Both_moons_are_found_whole(int index, double accepted)
    {
        var (task, _, x) = BenchmarkTaskTests.Observation("two-moons", index);
        var found = TrueDraws.Of(task, x, index, Count, 5, 2, Stop);
        Assert.InRange((found.LogEvidence - Math.Log(accepted / 2)) / found.EvidenceError, -4, 4);
        Assert.InRange(found.RHat, 0.99, TrueDraws.MaxRHat);

        var exact = ExactMoons(x, Count);
        foreach (var measure in (Func<double, double, double>[])[(a, b) => a, (a, b) => b, (a, b) => a + b, (a, b) => a - b])
            Assert.InRange(Distance(Measured(found.Theta, measure), Measured(exact, measure)), 0, 0.03);
    }

    /// <summary>All marginals of one and two parameters by quadrature, and the four mirror images of SLCP.</summary>
    [Theory]
    [InlineData(0)]
    public void Slcp_is_found_whole(int index)
    {
        var (_, _, x) = BenchmarkTaskTests.Observation("slcp", index);
        var draws = Drawn(new Slcp(), x, index);
        foreach (var (mask, exact) in SlcpTruth.Marginals(x, 20).Where(one => one.Key.Count == 1))
        {
            var parameter = mask.Indices().First();
            var counts = new double[20];
            foreach (var value in Column(draws, parameter, 5)) counts[new CellAxis(-3, 3, false).CellOf((float)value, 20)] += 1.0 / Count;
            var distance = exact.Values.Zip(counts, (a, b) => Math.Abs(a - b)).Sum() / 2;
            Assert.True(distance < 0.03, $"observation {index}, {mask}: total variation {distance}");
        }

        for (var quarter = 0; quarter < 4; quarter++)
        {
            var inside = Enumerable.Range(0, Count).Count(i => (draws[i * 5 + 2] > 0 ? 1 : 0) + (draws[i * 5 + 3] > 0 ? 2 : 0) == quarter);
            Assert.InRange(inside / (double)Count, 0.22, 0.28);
        }
    }

    /// <summary>Parameters from the prior with an observation of them are a draw of its posterior: their ranks are uniform.</summary>
    [Theory]
    [InlineData("MLCP", 1)]
    [InlineData("sbibm-bernoulli-glm", 1)]
    public void Ranks_of_the_truth_are_uniform(string name, int observations)
    {
        var simulator = (ITractableSimulator)SimulatorCatalog.Find(name);
        var (d, s) = (simulator.ThetaSize, simulator.ObservationSize);
        var (theta, x) = (new float[observations * d], new float[observations * s]);
        simulator.Sample(77, 0, theta, x);
        var chances = new List<double>();
        for (var row = 0; row < observations; row++)
        {
            var found = TrueDraws.Of(simulator, x.AsSpan(row * s, s), row, 2000, 3, 2, Stop);
            Tell(found);
            Assert.InRange(found.RHat, 0.99, TrueDraws.MaxRHat);
            for (var k = 0; k < d; k++)
                chances.Add(Column(found.Theta, k, d).Count(value => value < theta[row * d + k]) / 2000.0);
        }

        // Two moments of a uniform number.
        var count = chances.Count;
        Assert.InRange(chances.Average(), 0.5 - 4 * 0.2887 / Math.Sqrt(count), 0.5 + 4 * 0.2887 / Math.Sqrt(count));
        var margin = 4 * 0.0745 / Math.Sqrt(count);
        Assert.InRange(chances.Average(u => (u - 0.5) * (u - 0.5)) - 1 / 12.0, -margin, margin);
    }

    [Fact]
    public void Draws_do_not_depend_on_threads_but_on_seed_and_observation()
    {
        var (task, _, x) = BenchmarkTaskTests.Observation("gaussian-mixture", 1);
        var once = TrueDraws.Of(task, x, 2, 500, 9, 1, Stop).Theta;
        Assert.Equal(once, TrueDraws.Of(task, x, 2, 500, 9, 3, Stop).Theta);
        Assert.NotEqual(once, TrueDraws.Of(task, x, 3, 500, 9, 1, Stop).Theta);
        Assert.NotEqual(once, TrueDraws.Of(task, x, 2, 500, 8, 1, Stop).Theta);
    }

    [Fact]
    public void An_impossible_observation_is_refused() => Assert.Contains("has a likelihood above 0", Assert.Throws<InputException>(() =>
        TrueDraws.Of(new TwoMoons(), [-9f, 9f], 0, 100, 1, 1, Stop)).Message, StringComparison.Ordinal);

    [Fact]
    public void Quadrature_of_two_parameters_is_the_closed_form()
    {
        var (task, _, x) = BenchmarkTaskTests.Observation("gaussian-mixture", 0);
        foreach (var (mask, grid) in GridTruth.Marginals(task, x, 40, 2, Stop))
        {
            var exact = ClosedTruth.Marginal((IClosedPosterior)task, mask, x, 40);
            Assert.InRange(grid.Values.Zip(exact.Values, (a, b) => Math.Abs(a - b)).Sum() / 2, 0, 2e-5);
        }
    }

    /// <summary>A simulator of a user's, with one class: whatever has a likelihood has a truth.</summary>
    [Fact]
    public void Any_simulator_with_a_likelihood_has_a_truth()
    {
        var own = new NormalMean();
        Assert.True(EvaluationRun.KnowsTruth(own));
        // The posterior of a mean with a flat prior: N(x, 0.01²), a hundredth of a cell wide.
        var histogram = TruePosterior.Marginal(own, ParameterMask.Full(1), [0.2503f], 10, [], 1, Stop)!;
        Assert.Equal(1, histogram.Values[6], 1e-6);
        var narrow = TruePosterior.Marginal(own, ParameterMask.Full(1), [0.2f], 10, [], 1, Stop)!;
        Assert.Equal(0.5, narrow.Values[5], 1e-4);
    }

    private static float[] Drawn(ITractableSimulator simulator, float[] x, int index)
    {
        var found = TrueDraws.Of(simulator, x, index, Count, 1, 2, Stop);
        Tell(found);
        Assert.InRange(found.RHat, 0.99, TrueDraws.MaxRHat);
        Assert.InRange(found.EffectiveSize, 0.5 * Count, Count);
        return found.Theta;
    }

    private static void Tell(TrueDraws found) => TestContext.Current.TestOutputHelper?.WriteLine(
        $"R-hat {found.RHat}, worth {found.EffectiveSize}, evidence {found.LogEvidence} ± {found.EvidenceError}, sweeps {found.Sweeps}");

    private static double[] Column(float[] draws, int d, int size) =>
        [.. Enumerable.Range(0, draws.Length / size).Select(i => (double)draws[i * size + d])];

    private static double[] Measured(float[] draws, Func<double, double, double> measure) =>
        [.. Enumerable.Range(0, draws.Length / 2).Select(i => measure(draws[2 * i], draws[2 * i + 1])).Order()];

    /// <summary>Kolmogorov and Smirnov's, of two samples of one length.</summary>
    private static double Distance(double[] a, double[] b)
    {
        var (worst, j) = (0.0, 0);
        for (var i = 0; i < a.Length; i++)
        {
            while (j < b.Length && b[j] <= a[i]) j++;
            worst = Math.Max(worst, Math.Abs((i + 1.0) / a.Length - (double)j / b.Length));
        }

        return worst;
    }

    private static float[] ExactMoons(float[] x, int count)
    {
        var theta = new List<float>();
        for (ulong row = 0; theta.Count < 2 * count; row++)
        {
            var random = new CounterRandom(123, RandomPurpose.Rows, row);
            var angle = Math.PI * (random.NextDouble() - 0.5);
            var radius = 0.1 + 0.01 * random.NextNormal();
            var sign = random.NextDouble() < 0.5 ? -1 : 1;
            var z0 = sign * (radius * Math.Cos(angle) + 0.25 - x[0]);
            var z1 = x[1] - radius * Math.Sin(angle);
            var (a, b) = ((z0 - z1) * Math.Sqrt(0.5), (z0 + z1) * Math.Sqrt(0.5));
            if (Math.Abs(a) < 1 && Math.Abs(b) < 1) theta.AddRange([(float)a, (float)b]);
        }

        return [.. theta];
    }

    private sealed class NormalMean : ITractableSimulator
    {
        public string Name => "NormalMean";

        public IReadOnlyList<string> Labels => ["a"];

        public IReadOnlyList<float> Low => [-1];

        public IReadOnlyList<float> High => [1];

        public IReadOnlyList<int> ObservationShape => [1];

        public void Sample(ulong seed, long firstRow, Span<float> theta, Span<float> x)
        {
            for (var row = 0; row < theta.Length; row++)
            {
                var random = new CounterRandom(seed, RandomPurpose.Rows, (ulong)(firstRow + row));
                theta[row] = 2 * random.NextSingle() - 1;
                x[row] = theta[row] + 0.01f * (float)random.NextNormal();
            }
        }

        public double LogPrior(ParameterMask mask, ReadOnlySpan<float> theta) =>
            mask.Count == 0 ? 0 : theta[0] is >= -1 and < 1 ? -Math.Log(2) : double.NegativeInfinity;

        public double LogLikelihood(ReadOnlySpan<float> theta, ReadOnlySpan<float> x) =>
            -0.5 * Math.Pow((x[0] - (double)theta[0]) / 0.01, 2) - Math.Log(0.01 * Math.Sqrt(2 * Math.PI));
    }
}
