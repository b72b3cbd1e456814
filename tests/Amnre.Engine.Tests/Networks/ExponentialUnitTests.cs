using Amnre.Engine.Networks;
using TorchSharp;

namespace Amnre.Engine.Tests.Networks;

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

        Assert.True(ExponentialUnit.Takes(small));
        Assert.False(ExponentialUnit.Takes(large));
    }

    [Fact]
    public void Values_and_first_derivatives_are_those_of_the_library()
    {
        using var scope = torch.NewDisposeScope();
        var leaf = Points().requires_grad_(true);
        var usual = Points().requires_grad_(true);
        var weights = torch.linspace(1, 2, Count);

        var value = ExponentialUnit.Apply(leaf * 1);
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
        var value = ExponentialUnit.Apply(Points().requires_grad_(true) * 1);
        torch.set_num_threads(before);

        using var off = torch.no_grad();

        Assert.Equal(ExponentialUnit.Apply(Points()).data<float>().ToArray(), value.data<float>().ToArray());
    }

    [Fact]
    public void What_is_not_a_number_stays_so()
    {
        using var scope = torch.NewDisposeScope();
        using var off = torch.no_grad();

        Assert.Equal([float.NaN, 1], ExponentialUnit.Apply(torch.tensor([float.NaN, 1f])).data<float>().ToArray());
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

    private static void Close(torch.Tensor expected, torch.Tensor actual)
    {
        var (e, a) = (expected.detach().data<float>().ToArray(), actual.detach().data<float>().ToArray());
        for (var i = 0; i < e.Length; i++) Assert.Equal(e[i], a[i], 1.2e-7 + 4e-7 * Math.Abs(e[i]));
    }
}
