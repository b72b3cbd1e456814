using Amnre.Engine.Checkpoints;
using Amnre.Engine.Flows;
using Amnre.Engine.Networks;
using Amnre.Engine.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace Amnre.Engine.Tests.Flows;

public sealed class MonotonicNetworkTests
{
    private static readonly FlowOptions Options = new()
    {
        Architecture = "UMNN",
        Transforms = 2,
        HiddenFeatures = 16,
        Activation = "ELU",
        ConditionSize = 6,
        IntegrandLayers = [24, 24],
    };

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(20)]
    public void The_quadrature_is_exact_for_polynomials_of_lower_degree(int steps)
    {
        var rule = new ClenshawCurtis(steps);

        for (var degree = 0; degree < steps; degree++)
            Assert.Equal(degree % 2 == 0
                ? 2.0 / (degree + 1)
                : 0, rule.Points.Zip(rule.Weights, (t, w) => w * Math.Pow(t, degree)).Sum(), 1e-13);
    }

    [Fact]
    public void The_inverse_undoes_the_map_far_from_the_origin_too()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        foreach (var (type, tolerance) in new[] { (ScalarType.Float64, 1e-10), (ScalarType.Float32, 2e-5) })
        {
            var flow = Flow(Options, type);
            var (theta, context) = (Rows(24, 3, 1, type) * 20, Rows(24, 4, 2, type));

            var (noise, logDeterminant) = flow.Transform(theta, context);
            var (back, inverse) = flow.Invert(noise, context);

            AssertClose(theta, back, tolerance);
            AssertClose(logDeterminant.neg(), inverse, 10 * tolerance);
        }
    }

    [Fact]
    public void The_Jacobian_is_the_numerical_one_up_to_the_quadrature()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var errors = new[] { 20, 200 }.Select(steps =>
        {
            var flow = Flow(Options with { IntegrationSteps = steps }, float64);
            var (theta, context) = (Rows(32, 3, 1, float64) * 2, Rows(32, 4, 2, float64));
            const double h = 1e-5;
            var jacobian = stack(
                [.. Enumerable.Range(0, 3).Select(i =>
                {
                    var step = zeros_like(theta);
                    step[.., i] = h;
                    return (flow.Transform(theta + step, context).Noise - flow.Transform(theta - step, context).Noise) / (2 * h);
                })], -1);
            return (flow.Transform(theta, context).LogDeterminant - linalg.slogdet(jacobian).Item2).abs().max().ToDouble();
        }).ToArray();

        Assert.True(errors[0] < 2e-2 && errors[1] < 1e-3, $"{errors[0]} and {errors[1]}");
    }

    [Fact]
    public void A_density_integrates_to_one()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var flow = Flow(Options, float64, size: 2);
        const int bins = 160;
        const double edge = 12, cell = 2 * edge / bins;
        var centres = (arange(bins, dtype: float64) + 0.5) * cell - edge;
        var grid = cartesian_prod(centres, centres);

        var mass = 0.0;
        foreach (var part in grid.chunk(16))
        {
            using var inner = NewDisposeScope();
            mass += flow.LogDensity(part, zeros(part.shape[0], 4, float64)).exp().sum().ToDouble() * cell * cell;
        }

        Assert.Equal(1, mass, 5e-3);
    }

    /// <summary>Of the density and of draws, against differences along a random direction of all parameters.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Gradients_reach_every_parameter_and_are_right(bool inverse)
    {
        using var scope = NewDisposeScope();
        // The gradient of a draw takes f for the derivative of the quadrature, which must therefore be fine.
        var flow = Flow(Options with { Transforms = 1, IntegrationSteps = inverse ? 128 : 20 }, float64);
        var (rows, context) = (Rows(4, 3, 1, float64), Rows(4, 4, 2, float64));
        Tensor Value() => inverse ? flow.Invert(rows, context).Theta.square().sum() : flow.LogDensity(rows, context).sum();

        Value().backward();

        var slots = flow.State().Where(entry => entry.Slot.IsParameter).ToList();
        var directions = slots.Select((entry, i) => Rows(entry.Slot.Value.numel(), 1, 100 + (ulong)i, float64).view(entry.Slot.Value.shape))
            .ToList();
        Assert.All(slots, entry => Assert.True(entry.Slot.Value.grad?.abs().sum().ToDouble() > 0, entry.Path));
        var expected = slots.Zip(directions, (entry, direction) => (entry.Slot.Value.grad! * direction).sum().ToDouble()).Sum();
        using var noGrad = no_grad();
        const double h = 1e-7;
        void Move(double by)
        {
            foreach (var (entry, direction) in slots.Zip(directions)) entry.Slot.Value.add_(direction, alpha: by);
        }

        Move(h);
        var above = Value().ToDouble();
        Move(-2 * h);
        Assert.Equal(expected, (above - Value().ToDouble()) / (2 * h), 1e-4 * Math.Max(1, Math.Abs(expected)));
    }

    /// <summary>The stored network means the same to a plain reading of the paper's formula in PyTorch, which sums over a fine
    /// grid.</summary>
    [Fact]
    public void Stored_weights_give_PyTorch_the_same_integral()
    {
        const string script = """
            import sys, torch
            state = {k: v.double() for k, v in torch.load(sys.argv[1], weights_only=True).items()}
            def f(x):
                for i in (0, 2, 4):
                    x = x @ state[f'integrand_net.net.{i}.weight'].T + state[f'integrand_net.net.{i}.bias']
                    x = x.relu() if i < 4 else torch.nn.functional.elu(x) + 1
                return x
            x, h = torch.linspace(-2, 3, 7).double(), torch.linspace(-1, 1, 42).double().view(7, 6)
            n = 4000
            t = (torch.arange(n).double() + 0.5) / n
            rows = torch.cat(((x[:, None] * t)[..., None], h[:, None].expand(-1, n, -1)), -1)
            z = h[:, 0] + f(rows).squeeze(-1).mean(1) * x
            print(' '.join(str(v) for v in z.tolist() + f(torch.cat((x[:, None], h), 1)).log().squeeze(-1).tolist()))
            """;
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var folder = new ScratchDirectory();
        using var map = new MonotonicNetwork([24, 24], 6, 320, new Construction(new InitialWeights(3), new ForwardMode()));
        StateFile.Write(folder["map.pth"], StateTransfer.Save(map));

        var expected = PythonTorch.Run(script, folder["map.pth"]).Split(' ')
            .Select(text => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        var (z, log) = map.Apply(linspace(-2, 3, 7).view(7, 1), linspace(-1, 1, 42).view(7, 1, 6), inverse: false);

        AssertClose(tensor(expected), cat([z, log]).view(-1).to(float64), 1e-4);
    }

    /// <summary>Numbers that the original's libraries compute from the same weights in double precision, quadrature included.</summary>
    [Fact]
    public void Values_are_the_originals_with_its_coarse_quadrature()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var map = new MonotonicNetwork([24, 24], 6, 20, new Construction(new InitialWeights(3), new ForwardMode()));
        foreach (var (_, slot) in map.State()) slot.Value = slot.Value.to(float64).DetachFromDisposeScope();

        var (z, log) = map.Apply(linspace(-2, 3, 8, float64).view(4, 2), linspace(-1, 1, 48, float64).view(4, 2, 6), inverse: false);

        AssertClose(
            tensor([
                -2.805823598463841, -1.9137735794904471, -1.0050594236013817, -0.10853041812444034,
                0.7530381438703192, 1.6113204021580936, 2.46698558146462, 3.335743706234054]),
            z.view(-1), 1e-12);
        AssertClose(
            tensor([
                -0.11412262060075436, -0.10337679860928191, -0.10189039118994997, -0.13325619852901557,
                -0.15757601141530372, -0.13830428781303142, -0.1399484183522401, -0.1473822807129223]),
            log.view(-1), 1e-12);
    }

    [Theory]
    [InlineData("""{"arch": "UMNN", "integrand_net_layers": []}""", "model.integrand_net_layers")]
    [InlineData("""{"arch": "UMNN", "integrand_net_layers": [50, 0]}""", "model.integrand_net_layers")]
    [InlineData("""{"arch": "UMNN", "cond_size": 0}""", "model.cond_size")]
    [InlineData("""{"arch": "UMNN", "nb_steps": 1}""", "model.nb_steps")]
    [InlineData("""{"arch": "A", "nb_steps": 20}""", "model.nb_steps")]
    public void Faulty_keywords_are_named(string keywords, string field)
    {
        var errors = new List<(string Field, string Message)>();

        FlowOptions.Read(System.Text.Json.Nodes.JsonNode.Parse(keywords)!.AsObject(), "model", errors);

        Assert.Equal(field, Assert.Single(errors).Field);
    }

    private static NormalizingFlow Flow(FlowOptions options, ScalarType type, int size = 3)
    {
        var flow = new NormalizingFlow(
            new float[size], [.. Enumerable.Repeat(1f, size)], new bool[size], new bool[size], 4, options,
            new Construction(new InitialWeights(1), new ForwardMode()));
        foreach (var (_, slot) in flow.State())
            slot.Value = (slot.Value.is_floating_point()
                ? slot.Value.to(type).detach().clone().requires_grad_(slot.IsParameter)
                : slot.Value).DetachFromDisposeScope();
        return flow;
    }

    private static Tensor Rows(long count, long width, ulong seed, ScalarType type) =>
        new InitialWeights(seed).Normal(1, count, width).to(type);

    private static void AssertClose(Tensor expected, Tensor actual, double tolerance)
    {
        var error = ((expected - actual).abs() / expected.abs().clamp_min(1)).max().ToDouble();
        Assert.True(error <= tolerance, $"off by {error}");
    }
}
