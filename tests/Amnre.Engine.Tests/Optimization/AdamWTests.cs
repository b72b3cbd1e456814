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
}
