using Amnre.Engine.Estimators;
using Amnre.Engine.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace Amnre.Engine.Tests.Estimators;

public sealed class RegressionLossesTests
{
    [Fact]
    public void Ratio_regression_is_the_original_s()
    {
        using var scope = NewDisposeScope();
        var golden = GoldenFile.Json("losses.json")["RR"]!;

        var loss = RegressionLosses.Ratio(tensor(GoldenFile.Floats(golden["ratio"])).view(3, 2),
            tensor(GoldenFile.Floats(golden["target"])));

        Assert.Equal(golden["batchmean"]!.GetValue<double>(), loss.ToDouble(), 1e-6);
    }

    [Fact]
    public void Score_regression_is_the_original_s()
    {
        using var scope = NewDisposeScope();
        var golden = GoldenFile.Json("losses.json")["SR"]!;
        var theta = tensor(GoldenFile.Floats(golden["theta"])).view(6, 3).requires_grad_(true);

        // The original's example: log r = sin(Σ theta²).
        var loss = RegressionLosses.Score(theta, theta.square().sum(1).sin(), tensor(GoldenFile.Floats(golden["target"])).view(6, 3));

        Assert.Equal(golden["batchmean"]!.GetValue<double>(), loss.ToDouble(), 1e-4);
    }
}
