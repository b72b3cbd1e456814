using Amnre.Engine.Networks;
using TorchSharp;

namespace Amnre.Engine.Tests.Networks;

public sealed class ExponentialUnitTests
{
    private static readonly double[] Points = [-80, -3, -0.5, -1e-4, -0.0, 0, 1e-4, 0.5, 3, 1e4];

    [Fact]
    public void Values_and_first_derivatives_are_those_of_the_library()
    {
        using var scope = torch.NewDisposeScope();
        var leaf = torch.tensor(Points).requires_grad_(true);
        var usual = torch.tensor(Points).requires_grad_(true);
        var weights = torch.arange(1, Points.Length + 1).to(torch.float64);

        var value = ExponentialUnit.Apply(leaf * 1);
        (value * weights).sum().backward();
        var expected = usual.elu(1);
        (expected * weights).sum().backward();

        Close(expected, value);
        Close(usual.grad!, leaf.grad!);
    }

    [Fact]
    public void Second_derivatives_are_the_library_s_unless_none_are_promised()
    {
        using var scope = torch.NewDisposeScope();
        var unit = new Activation("ELU", inPlace: true, leCun: false, new ForwardMode());
        var leaf = torch.tensor(Points).requires_grad_(true);

        var first = torch.autograd.grad([unit.Forward(leaf * 1).sum()], [leaf], create_graph: true)[0];
        first.sum().backward();

        var expected = Points.Select(x => x < 0 ? Math.Exp(x) : 0).ToArray();
        Close(torch.tensor(expected), leaf.grad!);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Only_an_input_that_is_no_one_else_s_is_overwritten(bool inPlace)
    {
        using var scope = torch.NewDisposeScope();
        using var off = torch.no_grad();
        var x = torch.tensor(Points);

        var value = new Activation("ELU", inPlace, leCun: false, new ForwardMode()).Forward(x);

        Close(torch.tensor(Points).elu(1), value);
        if (!inPlace) Close(torch.tensor(Points), x);
    }

    private static void Close(torch.Tensor expected, torch.Tensor actual)
    {
        var (e, a) = (expected.detach().data<double>().ToArray(), actual.detach().data<double>().ToArray());
        for (var i = 0; i < e.Length; i++) Assert.Equal(e[i], a[i], 1e-15 + 1e-12 * Math.Abs(e[i]));
    }
}
