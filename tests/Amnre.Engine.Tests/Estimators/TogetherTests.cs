using System.Text.Json.Nodes;
using Amnre.Engine.Estimators;
using Amnre.Engine.Networks;
using Amnre.Engine.Optimization;
using Amnre.Engine.Randomness;
using Amnre.Engine.Settings;
using Amnre.Engine.Tests.Training;
using static TorchSharp.torch;

namespace Amnre.Engine.Tests.Estimators;

/// <summary>Networks of several subsets as batched products give what they give one after the other.</summary>
public sealed class TogetherTests
{
    private static readonly ToySimulator Simulator = new("SLCP", 3, 4);

    public static TheoryData<string, Criterion> Cases { get; } = [.. from model in (string[])
        [
            """{"arch": "MLP", "hidden_size": 8, "num_layers": 2, "activation": "ELU"}""",
            """{"arch": "MLP", "hidden_size": 8, "num_layers": 1, "activation": "PReLU", "bias": false}""",
            """{"arch": "MLP", "hidden_size": 8, "num_layers": 1, "activation": "ReLU", "normalization": "layer"}""",
            """{"arch": "ResNet", "residual_size": 8, "num_blocks": 2, "activation": "GELU", "normalization": "batch"}""",
            """{"arch": "ResNet", "residual_size": 8, "num_blocks": 1, "activation": "SELU", "normalization": "self"}""",
        ]
        from criterion in (Criterion[])
            [Criterion.NegativeLogLikelihood, Criterion.Balanced, Criterion.Multiclass, Criterion.Contrastive]
        select (model, criterion)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Losses_and_gradients_are_the_same(string model, Criterion criterion)
    {
        var (alone, gradients) = Descend(model, criterion, together: false);
        var (joint, jointGradients) = Descend(model, criterion, together: true);

        Assert.Equal(alone, joint, 1e-5 * Math.Abs(alone));
        Assert.Equal(gradients.Length, jointGradients.Length);
        var largest = gradients.Max(Math.Abs);
        Assert.True(largest > 0);
        for (var i = 0; i < gradients.Length; i++) Assert.Equal(gradients[i], jointGradients[i], 1e-5 * largest);
    }

    private static (float Loss, float[] Gradients) Descend(string model, Criterion criterion, bool together)
    {
        using var scope = NewDisposeScope();
        var mode = new ForwardMode { Training = true, FirstDerivativesOnly = true };
        var settings = new TrainSettings
        {
            Simulator = "SLCP",
            Seed = 3,
            Masks = ["=1", "=2", "=3"],
            Model = (JsonObject)JsonNode.Parse(model)!,
        };
        using var estimator = EstimatorAssembly.Build(settings, Simulator, PriorMoments.Of(Simulator), mode);
        using var flat = new FlatParameters(estimator, ScalarType.Float32, CPU);
        float[] theta = new float[64 * 3], x = new float[64 * 4];
        Simulator.Sample(8, 0, theta, x);
        var loss = estimator.Loss(new LossOptions(criterion, null, Together: together));
        Assert.Equal(together ? 1 : 7, loss.Parts.Count);

        var sum = 0f;
        foreach (var part in loss.Parts)
        {
            var value = part.Of(new TrainingBatch(tensor(theta, 64, 3), tensor(x, 64, 4), new CounterRandom(1, RandomPurpose.Masks, 0)));
            value.backward();
            sum += Number.Read<float>(value);
        }

        return (sum, flat.Gradients.data<float>().ToArray());
    }
}
