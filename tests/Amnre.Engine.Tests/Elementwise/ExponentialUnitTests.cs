using Amnre.Engine.Elementwise;
using Amnre.Engine.Networks;
using TorchSharp;

namespace Amnre.Engine.Tests.Elementwise;

public sealed class ExponentialUnitTests
{
    /// <summary>More than fills a share of work, and not by a whole number of vectors.</summary>
    private const int Count = (1 << 17) + 13;

    private static readonly float[] Ends = [-1e4f, -80, -3, -0.5f, -1e-4f, -0.0f, 0, 1e-4f, 0.5f, 3, 1e4f, float.PositiveInfinity];

    [Fact]
    public void Tensors_beyond_the_reach_of_a_span_are_left_to_the_library()
    {
        using var small = torch.empty(4, 4);
        // Never touched, so that no memory stands behind it.
        using var large = torch.empty(1 << 15, 1 << 15);

        Assert.True(SinglePass.Takes(small));
        Assert.False(SinglePass.Takes(large));
    }

    [Fact]
    public void Values_and_first_derivatives_are_those_of_the_library()
    {
        using var scope = torch.NewDisposeScope();
        var leaf = Points().requires_grad_(true);
        var usual = Points().requires_grad_(true);
        var weights = torch.linspace(1, 2, Count);

        var value = ExponentialUnit.Apply(leaf * 1, bias: null, inPlace: true);
        (value * weights).sum().backward();
        var expected = usual.elu(1);
        (expected * weights).sum().backward();

        Close(expected, value);
        Close(usual.grad!, leaf.grad!);
    }

    [Fact]
    public void Values_are_the_same_bits_with_and_without_a_graph_and_on_any_number_of_threads()
    {
        using var scope = torch.NewDisposeScope();
        var before = torch.get_num_threads();
        torch.set_num_threads(3);
        var value = ExponentialUnit.Apply(Points().requires_grad_(true) * 1, bias: null, inPlace: true);
        torch.set_num_threads(before);

        using var off = torch.no_grad();

        Assert.Equal(ExponentialUnit.Apply(Points(), bias: null, inPlace: true).data<float>().ToArray(), value.data<float>().ToArray());
    }

    /// <summary>Widths that fill vectors or do not; rows that fill a share of work or do not.</summary>
    [Theory]
    [InlineData(3, 5)]
    [InlineData(1000, 100)]
    [InlineData(2048, 256)]
    public void A_bias_and_its_gradient_are_those_of_the_library(int rows, int width)
    {
        using var scope = torch.NewDisposeScope();
        var (x, bias) = (Waves(rows, width).requires_grad_(true), Waves(1, width).flatten().requires_grad_(true));
        var usualX = Waves(rows, width).requires_grad_(true);
        var weights = torch.linspace(-1, 1, rows * width).view(rows, width);

        var value = ExponentialUnit.Apply(x * 1, bias, inPlace: true);
        (value * weights).sum().backward();
        var expected = (usualX + bias.detach()).elu(1);
        (expected * weights).sum().backward();

        Close(expected, value);
        Close(usualX.grad!, x.grad!);
        // Sums of many terms of either sign, each rounded, are compared with those of double precision.
        var usual64 = (usualX.detach().to(torch.float64) + bias.detach().to(torch.float64)).requires_grad_(true);
        (usual64.elu(1) * weights.to(torch.float64)).sum().backward();
        var exact = usual64.grad!.sum(dim: 0);
        double Off(torch.Tensor gradient) => (exact - gradient.to(torch.float64)).abs().max().item<double>();
        Assert.InRange(Off(bias.grad!), 0, 1e-7 * rows);
    }

    [Fact]
    public void The_gradient_of_a_bias_is_the_same_bits_on_any_number_of_threads()
    {
        var before = torch.get_num_threads();
        var gradients = new List<float[]>();
        foreach (var threads in (int[])[1, 2, 3])
        {
            using var scope = torch.NewDisposeScope();
            torch.set_num_threads(threads);
            var bias = Waves(1, 100).flatten().requires_grad_(true);
            var value = ExponentialUnit.Apply(Waves(5000, 100), bias, inPlace: false);
            (value * Waves(5000, 100)).sum().backward();
            gradients.Add(bias.grad!.data<float>().ToArray());
        }

        torch.set_num_threads(before);
        Assert.Equal(gradients[0], gradients[1]);
        Assert.Equal(gradients[0], gradients[2]);
    }

    [Fact]
    public void Layers_that_share_a_gradient_do_not_spoil_each_other_s()
    {
        using var scope = torch.NewDisposeScope();
        var (a, b) = (Waves(64, 32).requires_grad_(true), Waves(64, 32).requires_grad_(true));
        var (usualA, usualB) = (Waves(64, 32).requires_grad_(true), Waves(64, 32).requires_grad_(true));

        // A sum hands one and the same gradient to both of its terms.
        var sum = ExponentialUnit.Apply(a * 1, null, inPlace: true) + ExponentialUnit.Apply(b * -1, null, inPlace: true);
        (sum * Waves(64, 32)).sum().backward();
        ((usualA.elu(1) + (usualB * -1).elu(1)) * Waves(64, 32)).sum().backward();

        Close(usualA.grad!, a.grad!);
        Close(usualB.grad!, b.grad!);
    }

    [Fact]
    public void What_is_not_a_number_stays_so()
    {
        using var scope = torch.NewDisposeScope();
        using var off = torch.no_grad();

        var value = ExponentialUnit.Apply(torch.tensor([float.NaN, 1f]), bias: null, inPlace: true);

        Assert.Equal([float.NaN, 1], value.data<float>().ToArray());
    }

    [Fact]
    public void Second_derivatives_are_the_library_s_unless_none_are_promised()
    {
        using var scope = torch.NewDisposeScope();
        var unit = new Activation("ELU", inPlace: true, leCun: false, new ForwardMode());
        var leaf = Points().requires_grad_(true);

        var first = torch.autograd.grad([unit.Forward(leaf * 1).sum()], [leaf], create_graph: true)[0];
        first.sum().backward();

        Close(Points().clamp_max(0f).exp() * Points().lt(0), leaf.grad!);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Only_an_input_that_is_no_one_else_s_is_overwritten(bool inPlace)
    {
        using var scope = torch.NewDisposeScope();
        using var off = torch.no_grad();
        var x = Points();

        var value = new Activation("ELU", inPlace, leCun: false, new ForwardMode()).Forward(x);

        Close(Points().elu(1), value);
        if (!inPlace) Close(Points(), x);
    }

    private static torch.Tensor Points() => torch.cat([torch.tensor(Ends), torch.linspace(-20, 20, Count - Ends.Length)]);

    private static torch.Tensor Waves(int rows, int width) => (torch.arange(rows * width) * 0.37).sin().view(rows, width) * 4;

    private static void Close(torch.Tensor expected, torch.Tensor actual)
    {
        var (e, a) = (expected.detach().data<float>().ToArray(), actual.detach().data<float>().ToArray());
        for (var i = 0; i < e.Length; i++) Assert.Equal(e[i], a[i], 1.2e-7 + 4e-7 * Math.Abs(e[i]));
    }
}
