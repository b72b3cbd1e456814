using Amnre.Engine.Embeddings;
using Amnre.Engine.Estimators;
using Amnre.Engine.Masks;
using Amnre.Engine.Networks;
using Amnre.Engine.Settings;
using Amnre.Engine.Tests.Evaluation;
using Amnre.Engine.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace Amnre.Engine.Tests.Estimators;

public sealed class AdversaryTests
{
    /// <summary>Losses of the original, from given ratios of both estimators.</summary>
    [Theory]
    [InlineData(false, "loss_forward")]
    [InlineData(true, "loss_inverse")]
    public void Weights_enter_the_loss_as_in_the_original(bool inverse, string key)
    {
        using var scope = NewDisposeScope();
        var golden = GoldenFile.Json("training_steps.json")["adversary"]!;
        Tensor joint = Values("log_r"), marginal = Values("log_r_prime");
        var frozen = new Adversary(new Given(inverse ? Values("adv_log_r") : Values("adv_log_r_prime")), new GaussianBox(), []);
        var loss = new RatioLoss(
            new Embedding(null, [3], new Construction(new InitialWeights(0), new ForwardMode())),
            (theta, y, _) => [new NetworkInput(new Answer(cat([joint, marginal])), theta, y)],
            RatioCriterion.Of(Criterion.NegativeLogLikelihood), new ImportanceWeights(frozen, inverse));

        var value = loss.Of(new TrainingBatch(zeros(joint.shape[0], 3), zeros(joint.shape[0], 3), default)).ToDouble();

        Assert.Equal(golden[key]!.GetValue<double>(), value, 1e-5);

        Tensor Values(string name) => tensor(GoldenFile.Floats(golden[name])).view(GoldenFile.Shape(golden[name]));
    }

    [Fact]
    public void A_density_weighs_by_its_ratio_to_the_prior()
    {
        using var scope = NewDisposeScope();
        var adversary = new Adversary(new Given(tensor([-1f, -2f])), new GaussianBox(), []);

        var ratio = adversary.LogRatio(zeros(2, 3), zeros(2, 3)).data<float>().ToArray();
        using var density = new Adversary(new Given(tensor([-1f, -2f]), isDensity: true), new GaussianBox(), []);
        var fromDensity = density.LogRatio(zeros(2, 3), zeros(2, 3)).data<float>().ToArray();

        Assert.Equal([-1, -2], ratio);
        // The prior is uniform on a box of volume 6³.
        Assert.Equal(-1 + 3 * Math.Log(6), fromDensity[0], 1e-5);
        Assert.Equal(-2 + 3 * Math.Log(6), fromDensity[1], 1e-5);
    }

    [Fact]
    public void A_subset_that_the_adversary_lacks_is_named()
    {
        using var adversary = new Adversary(new Given(zeros(1)), new GaussianBox(), [ParameterMask.Parse("010")]);

        Assert.Contains("010", Assert.Throws<InputException>(() => adversary.CheckCovers(3)).Message, StringComparison.Ordinal);
    }

    /// <summary>A network that answers with given values.</summary>
    private sealed class Answer(Tensor values) : Layer
    {
        public override Tensor Forward(Tensor x) => values.unsqueeze(1);
    }

    /// <summary>Answers with given values; covers all parameters together.</summary>
    private sealed class Given(Tensor values, bool isDensity = false) : Estimator
    {
        public override bool IsDensity => isDensity;

        public override bool Covers(ParameterMask mask) => mask.Count == 3;

        public override Tensor Embed(Tensor x) => x;

        public override Tensor LogValue(ParameterMask mask, Tensor theta, Tensor y) => values;

        public override ITrainingLoss Loss(LossOptions options) => throw new NotSupportedException();
    }
}
