using Amnre.Engine.Optimization;
using Amnre.Engine.Tests.Golden;
using TorchSharp;

namespace Amnre.Engine.Tests.Optimization;

public sealed class AdamWTests
{
    [Theory]
    [InlineData("adamw_amsgrad=False", false)]
    [InlineData("adamw_amsgrad=True", true)]
    public void Step_moves_as_the_original_does(string name, bool amsGrad)
    {
        var golden = GoldenFile.Json("optim.json")[name]!;
        using var scope = torch.NewDisposeScope();
        using var off = torch.no_grad();
        var parameters = torch.tensor(GoldenFile.Doubles(golden["init"]));
        var gradients = torch.zeros_like(parameters);
        using var optimizer = new AdamW(parameters, gradients, golden["weight_decay"]!.GetValue<double>(), amsGrad);
        foreach (var row in golden["rows"]!.AsArray())
        {
            gradients.copy_(torch.tensor(GoldenFile.Doubles(row!["grad"])));
            optimizer.Step(golden["lr"]!.GetValue<double>());

            foreach (var (expected, actual) in GoldenFile.Doubles(row["param"]).Zip(parameters.data<double>().ToArray()))
                Assert.Equal(expected, actual, 1e-13);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Single_precision_moves_as_double_precision_does(bool amsGrad)
    {
        // Not a whole number of vectors, and more than one share of work.
        const int Length = (1 << 16) + 1003;
        using var scope = torch.NewDisposeScope();
        using var off = torch.no_grad();
        var start = (torch.arange(Length, torch.float64) * 0.37).sin();
        var (exact, single) = (start.clone(), start.to(torch.float32));
        var (gradient, rounded) = (torch.zeros_like(exact), torch.zeros_like(single));
        using var reference = new AdamW(exact, gradient, weightDecay: 0.01, amsGrad);
        using var optimizer = new AdamW(single, rounded, weightDecay: 0.01, amsGrad);
        for (var step = 0; step < 20; step++)
        {
            gradient.copy_((torch.arange(Length, torch.float64) * (0.11 + step)).cos() * (20 - step));
            rounded.copy_(gradient);
            reference.Step(1e-2);
            optimizer.Step(1e-2);
        }

        Assert.True((exact - single.to(torch.float64)).abs().max().item<double>() < 2e-6);
        Assert.True((reference.Square - optimizer.Square.to(torch.float64)).abs().max().item<double>() < 1e-5);
    }
}
