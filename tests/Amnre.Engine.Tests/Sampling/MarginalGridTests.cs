using System.Text.Json;
using Amnre.Engine.Catalog;
using Amnre.Engine.Masks;
using Amnre.Engine.Posteriors;
using Amnre.Engine.Sampling;
using Amnre.Engine.Tests.Golden;

namespace Amnre.Engine.Tests.Sampling;

public sealed class MarginalGridTests
{
    [Theory]
    [InlineData("1d", "10000")]
    [InlineData("2d", "11000")]
    public void Grid_of_a_ratio_network_equals_the_original(string name, string mask)
    {
        var golden = GoldenFile.Read("grid_histogram.json").GetProperty(name);
        var grid = new MarginalGrid(SimulatorCatalog.Find("SLCP"), ParameterMask.Parse(mask), golden.GetProperty("bins").GetInt32());
        using var network = new SmallNetwork(golden.GetProperty("state_dict"));
        var (histogram, total) = grid.Evaluate(network, golden.GetProperty("x").Singles(), count: 1, batchSize: 7).Single();

        Assert.Equal(golden.GetProperty("total").GetDouble(), total, 1e-5);
        var expected = golden.GetProperty("normalized").Singles();
        Assert.Equal(expected.Length, histogram.Values.Length);
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], histogram.Values[i], 1e-6);
    }

    /// <summary>The ratio network that the golden numbers were made with, by plain loops, plus the log prior of U(−3, 3).</summary>
    private sealed class SmallNetwork(JsonElement state) : IMarginalPosterior
    {
        private readonly float[] _mu = Values(state, "standardize.mu"), _isigma = Values(state, "standardize.isigma");

        public bool Covers(ParameterMask mask) => true;

        public void LogDensity(ParameterMask mask, ReadOnlySpan<float> x, ReadOnlySpan<float> theta, Span<float> result)
        {
            for (var row = 0; row < result.Length; row++)
            {
                var values = new List<double>();
                for (var k = 0; k < _mu.Length; k++) values.Add((theta[row * _mu.Length + k] - _mu[k]) * (double)_isigma[k]);
                foreach (var value in x) values.Add(value);
                values = Layer(values, 0).ConvertAll(Elu);
                values = Layer(values, 2).ConvertAll(Elu);
                result[row] = (float)(Layer(values, 4).Single() - _mu.Length * Math.Log(6));
            }
        }

        public void Dispose()
        {
        }

        private static double Elu(double value) => value > 0 ? value : Math.Exp(value) - 1;

        private static float[] Values(JsonElement state, string name) => state.GetProperty(name).GetProperty("values").Singles();

        private List<double> Layer(List<double> input, int index)
        {
            var (weight, bias) = (Values(state, $"net.{index}.weight"), Values(state, $"net.{index}.bias"));
            return [.. bias.Select((b, i) => b + input.Select((value, j) => value * weight[i * input.Count + j]).Sum())];
        }
    }
}
