using System.Text.Json.Nodes;
using Amnre.Engine.Checkpoints;
using Amnre.Engine.Flows;
using Amnre.Engine.Networks;
using Amnre.Engine.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace Amnre.Engine.Tests.Flows;

public sealed class NormalizingFlowTests
{
    public static TheoryData<string> Names { get; } =
    [
        "npe_maf_affine", "npe_maf_affine_1d", "npe_maf_affine_residual", "npe_maf_affine_bn", "npe_maf_affine_bn_residual",
        "npe_maf_affine_lu", "npe_maf_prq", "npe_maf_prq_b4_t3",
    ];

    /// <summary>Outputs of the original program, in both precisions.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Densities_and_maps_are_the_originals(string name)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var golden = GoldenFile.Json($"models/{name}.json");
        foreach (var (type, key, tolerance) in new[] { (float32, "out_f32", 1e-5), (float64, "out_f64", 1e-10) })
        {
            var flow = Load(golden, type);
            foreach (var call in golden["calls"]!.AsArray())
            {
                var context = Matrix(call!["x"], type);
                switch (call["desc"]!.GetValue<string>())
                {
                    case "log p(theta|x)":
                        AssertClose(GoldenFile.Doubles(call[key]), flow.LogDensity(Matrix(call["theta"], type), context), tolerance);
                        break;
                    // Maps are recorded in single precision only.
                    case "forward transform theta->noise" when type == float32:
                        AssertMap(call, "noise", flow.Transform(Matrix(call["theta"], type), context));
                        break;
                    case "inverse transform noise->theta at x[0]" when type == float32:
                        AssertMap(call, "theta",
                            flow.Invert(Matrix(call["noise"], type), context.expand(call["noise"]!.AsArray().Count, -1)));
                        break;
                }
            }
        }
    }

    /// <summary>Laws of every flow: what goes forth comes back, and the Jacobian is the numerical one.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void The_inverse_undoes_the_map_and_the_Jacobian_is_right(string name)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var golden = GoldenFile.Json($"models/{name}.json");
        var flow = Load(golden, float64);
        var call = golden["calls"]![0]!;
        var (theta, context) = (Matrix(call["theta"], float64), Matrix(call["x"], float64));

        var (noise, logDeterminant) = flow.Transform(theta, context);
        var (back, inverseDeterminant) = flow.Invert(noise, context);

        AssertClose(theta.data<double>().ToArray(), back, 1e-8);
        AssertClose(logDeterminant.neg().data<double>().ToArray(), inverseDeterminant, 1e-8);
        const double h = 1e-6;
        var size = theta.shape[1];
        var jacobian = stack(
            [.. Enumerable.Range(0, (int)size).Select(i =>
            {
                var step = zeros_like(theta);
                step[.., i] = h;
                return (flow.Transform(theta + step, context).Noise - flow.Transform(theta - step, context).Noise) / (2 * h);
            })], -1);
        AssertClose(linalg.slogdet(jacobian).Item2.data<double>().ToArray(), logDeterminant, 1e-5);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Gradients_reach_every_parameter(string name)
    {
        using var scope = NewDisposeScope();
        var golden = GoldenFile.Json($"models/{name}.json");
        var flow = Load(golden, float32);
        var call = golden["calls"]![0]!;

        flow.LogDensity(Matrix(call["theta"], float32), Matrix(call["x"], float32)).sum().backward();

        Assert.All(flow.State().Where(entry => entry.Slot.IsParameter),
            entry => Assert.True(entry.Slot.Value.grad is not null, entry.Path));
    }

    [Fact]
    public void A_density_integrates_to_one()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var options = new FlowOptions
        {
            Activation = "ELU",
            Transforms = 3,
            HiddenFeatures = 16,
            LuLinear = true,
            Architecture = "PRQ",
            TailBound = 3,
        };
        var flow = new NormalizingFlow(
            [0, 0], [1, 1], [false, false], [false, false], 3, options, new Construction(new InitialWeights(1), new ForwardMode()));
        const int bins = 400;
        const double edge = 8, cell = 2 * edge / bins;
        var centres = (arange(bins, dtype: float32) + 0.5) * cell - edge;
        var grid = cartesian_prod(centres, centres);

        var mass = flow.LogDensity(grid, zeros(grid.shape[0], 3)).exp().sum().ToDouble() * cell * cell;

        Assert.Equal(1, mass, 1e-3);
    }

    private static void AssertMap(JsonNode call, string image, (Tensor Outputs, Tensor LogDeterminant) actual)
    {
        AssertClose(GoldenFile.Doubles(call[image]), actual.Outputs, 1e-5);
        AssertClose(GoldenFile.Doubles(call["logabsdet"]), actual.LogDeterminant, 1e-5);
    }

    private static NormalizingFlow Load(JsonNode golden, ScalarType type)
    {
        var keywords = golden["kwargs"]!.DeepClone().AsObject();
        foreach (var other in new[] { "theta_size", "x_size", "moments" }) keywords.Remove(other);
        var errors = new List<(string Field, string Message)>();
        var options = FlowOptions.Read(keywords, "model", errors);
        Assert.Empty(errors);
        var moments = golden["kwargs"]!["moments"]!;
        var mean = GoldenFile.Floats(moments["mu"]);
        var flow = new NormalizingFlow(
            mean, GoldenFile.Floats(moments["sigma"]), new bool[mean.Length], new bool[mean.Length],
            golden["kwargs"]!["x_size"]!.GetValue<int>(), options, new Construction(new InitialWeights(0), new ForwardMode()));
        var stored = GoldenFile.State(golden["state_dict"]!);
        StateTransfer.Load(flow, stored.ToDictionary(entry => entry.Key["flow.".Length..], entry => entry.Value), "golden");
        Assert.Equal(stored.Keys.Select(key => key["flow.".Length..]), flow.State().Select(entry => entry.Path));
        foreach (var (_, slot) in flow.State())
            if (slot.Value.is_floating_point())
                slot.Value = slot.Value.to(type).detach().requires_grad_(slot.IsParameter).DetachFromDisposeScope();
        return flow;
    }

    private static Tensor Matrix(JsonNode? rows, ScalarType type) => tensor(GoldenFile.Doubles(rows), type).view(GoldenFile.Shape(rows));

    private static void AssertClose(double[] expected, Tensor actual, double tolerance)
    {
        var values = actual.to(float64).contiguous().data<double>().ToArray();
        Assert.Equal(expected.Length, values.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - values[i]) <= tolerance * Math.Max(1, Math.Abs(expected[i])),
                $"{i}: {expected[i]} and {values[i]}");
    }
}
