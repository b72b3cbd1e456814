using Amnre.Engine.Estimators;
using Amnre.Engine.Settings;
using Amnre.Engine.Tests.Golden;
using TorchSharp;

namespace Amnre.Engine.Tests.Estimators;

public sealed class RatioCriterionTests
{
    [Theory]
    [InlineData(Criterion.NegativeLogLikelihood, "NLLWithLogits")]
    [InlineData(Criterion.Focal, "FL")]
    [InlineData(Criterion.Peripheral, "PL")]
    [InlineData(Criterion.QuadraticScore, "QS")]
    public void A_criterion_gives_the_original_s_losses_and_gradients(Criterion criterion, string golden)
    {
        var file = GoldenFile.Json("losses.json");
        using var scope = torch.NewDisposeScope();
        var logits = torch.tensor(GoldenFile.Floats(file["input"])).requires_grad_(true);
        var weight = torch.tensor(GoldenFile.Floats(file["weight"]));

        var loss = RatioCriterion.Of(criterion)(logits);

        Close(GoldenFile.Floats(file[golden]!["none"]!["unweighted"]), loss.data<float>().ToArray());
        ((loss * weight).sum() / 3).backward();
        Close(GoldenFile.Floats(file[golden]!["grad_batchmean_weighted"]), logits.grad!.data<float>().ToArray());
    }

    [Fact]
    public void Another_exponent_gives_the_original_s_losses()
    {
        var file = GoldenFile.Json("losses.json");
        using var scope = torch.NewDisposeScope();
        var logits = torch.tensor(GoldenFile.Floats(file["input"]));
        var weight = torch.tensor(GoldenFile.Floats(file["weight"]));

        Close([file["FL_gamma3"]!.GetValue<float>()], [((RatioCriterion.Focal(logits, 3) * weight).sum() / 3).item<float>()]);
        Close([file["PL_gamma3"]!.GetValue<float>()], [((RatioCriterion.Peripheral(logits, 3) * weight).sum() / 3).item<float>()]);
    }

    private static void Close(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= 1e-5 * Math.Abs(expected[i]) + 1e-7, $"{i}: {actual[i]} is not {expected[i]}");
    }
}
