using System.Text.Json.Nodes;
using Amnre.Engine.Flows;
using Amnre.Engine.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Amnre.Engine.Tests.Flows;

/// <summary>Laws of flows, whatever their steps and whatever parameters are mapped first.</summary>
public sealed class FlowLawsTests
{
    private static readonly string[] Steps =
    [
        """{"arch": "A"}""", """{"arch": "PRQ", "tail_bound": 3}""",
        """{"arch": "UMNN", "integrand_net_layers": [8, 8], "cond_size": 4, "nb_steps": 40}""",
        """{"arch": "PRQ", "tail_bound": 3, "use_residual_blocks": true, "lu_linear": true}""",
    ];

    public static TheoryData<string, bool, bool, int> Cases { get; } = [.. from step in Steps
                                                                           from coupling in (bool[])[false, true]
                                                                           from bounded in (bool[])[false, true]
                                                                           from size in (int[])[1, 2, 5]
                                                                           select (step, coupling, bounded, size)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_goes_forth_comes_back_and_the_Jacobian_is_right(string step, bool coupling, bool bounded, int size)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var flow = Flow(step, coupling, bounded, size);
        var theta = Theta(size, 32);
        var context = Normal(32, 3, 7);

        var (noise, logDeterminant) = flow.Transform(theta, context);
        var (back, inverseDeterminant) = flow.Invert(noise, context);

        Close(theta, back, 1e-6);
        Close(-logDeterminant, inverseDeterminant, 1e-6);
        const double h = 1e-6;
        var jacobian = stack(
            [.. Enumerable.Range(0, size).Select(i =>
            {
                var shift = zeros_like(theta);
                shift[.., i] = h;
                return (flow.Transform(theta + shift, context).Noise - flow.Transform(theta - shift, context).Noise) / (2 * h);
            })], -1);
        // A quadrature gives the integral of a network with kinks.
        Close(linalg.slogdet(jacobian).Item2, logDeterminant, step.Contains("UMNN", StringComparison.Ordinal) ? 5e-3 : 1e-4);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gradients_reach_every_parameter(string step, bool coupling, bool bounded, int size)
    {
        using var scope = NewDisposeScope();
        var flow = Flow(step, coupling, bounded, size);

        flow.LogDensity(Theta(size, 8), Normal(8, 3, 7)).sum().backward();

        Assert.All(flow.State().Where(entry => entry.Slot.IsParameter),
            entry => Assert.True(entry.Slot.Value.grad is not null, entry.Path));
    }

    /// <summary>All probability lies in the support of a uniform prior, up to its very ends; without the map a part of it leaks.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_bounded_density_integrates_to_one_over_the_support(bool coupling)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        const int cells = 500;
        var edge = Math.Sqrt(3);
        var centres = (arange(cells, dtype: float64) + 0.5) * (2 * edge / cells) - edge;
        var grid = cartesian_prod(centres, centres);
        double Mass(bool bounded) => Flow("""{"arch": "PRQ", "tail_bound": 3}""", coupling, bounded, 2)
            .LogDensity(grid, zeros(grid.shape[0], 3, dtype: float64)).exp().sum().ToDouble() * 4 * edge * edge / (cells * cells);

        Assert.Equal(1, Mass(bounded: true), 2e-3);
        Assert.InRange(Mass(bounded: false), 0.3, 0.98);
    }

    /// <summary>What has learnt nothing is the prior: Φ⁻¹ of a uniform distribution is standard normal.</summary>
    [Fact]
    public void A_map_of_the_support_alone_gives_the_prior()
    {
        using var scope = NewDisposeScope();
        var map = new SupportMap([true, false, true]);
        var theta = tensor(new float[,] { { 0, 5, 0 }, { 1.7f, -5, -1.2f }, { -1.7320508f, 0, 1.7320508f } });

        var (noise, logDeterminant) = map.Forward(theta, zeros(3, 1));

        var log = logDeterminant - 0.5 * (noise.select(1, 0).square() + noise.select(1, 2).square()) - Math.Log(2 * Math.PI);
        Close(full(3, -2 * Math.Log(2 * Math.Sqrt(3)), dtype: float32), log, 1e-5);
        Close(theta, map.Inverse(noise, zeros(3, 1)).Outputs, 1e-5);
    }

    private static NormalizingFlow Flow(string step, bool coupling, bool bounded, int size)
    {
        var keywords = JsonNode.Parse(step)!.AsObject();
        (keywords["coupling"], keywords["bounded"], keywords["num_transforms"]) = (coupling, bounded, 2);
        (keywords["hidden_features"], keywords["activation"]) = (12, "ELU");
        var errors = new List<(string Field, string Message)>();
        var options = FlowOptions.Read(keywords, "model", errors);
        Assert.Empty(errors);
        // The first two have uniform priors; the logarithm of the fourth is taken.
        var flow = new NormalizingFlow(
            new float[size], [.. Enumerable.Repeat(1f, size)], [.. Enumerable.Range(0, size).Select(i => i == 3)],
            [.. Enumerable.Range(0, size).Select(i => i < 2)], 3, options, new Construction(new InitialWeights(1), new ForwardMode()));
        foreach (var (_, slot) in flow.State())
            slot.Value = (slot.Value.is_floating_point()
                ? slot.Value.to(float64).detach().clone().requires_grad_(slot.IsParameter)
                : slot.Value).DetachFromDisposeScope();
        return flow;
    }

    /// <summary>Within ±1.6, the fourth above 0.</summary>
    private static Tensor Theta(int size, int rows)
    {
        var theta = 1.6 * Normal(rows, size, 5).tanh();
        if (size > 3) theta[.., 3] = theta[.., 3].abs() + 0.1;
        return theta;
    }

    private static Tensor Normal(int rows, int size, ulong seed)
    {
        using var generator = new Generator(seed);
        return randn([rows, size], dtype: float64, generator: generator);
    }

    private static void Close(Tensor expected, Tensor actual, double tolerance) =>
        Assert.InRange((expected - actual).abs().max().ToDouble(), 0, tolerance);
}
