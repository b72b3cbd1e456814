using System.Text.Json.Nodes;
using Amnre.Engine.Embeddings;
using Amnre.Engine.Estimators;
using Amnre.Engine.Networks;
using Amnre.Engine.Optimization;
using Amnre.Engine.Settings;
using static TorchSharp.torch;

namespace Amnre.Engine.Tests.Estimators;

/// <summary>Losses of contrastive and balanced ratio estimation on small batches.</summary>
public sealed class ContrastiveLossTests
{
    private static readonly float[] Theta = [0.5f, -1, 2, 0.25f, -1.5f], X = [1, 0.5f, -0.75f, 2, 0.125f];

    /// <summary>Values and derivatives of <c>Golden/contrastive_losses.py</c>, by PyTorch.</summary>
    [Theory]
    [InlineData(Criterion.Contrastive, 1, 1, 0, 1.1306197398, 0.5582778259)]
    [InlineData(Criterion.Contrastive, 3, 0.5, 0, 1.5743911140, 0.9803208679)]
    [InlineData(Criterion.Contrastive, 4, 20, 0, 2.5165842161, 1.4057297497)]
    [InlineData(Criterion.Multiclass, 2, 1, 0, 1.5904495464, 1.1650278982)]
    [InlineData(Criterion.Multiclass, 4, 1, 0, 2.4153318343, 1.4225527880)]
    [InlineData(Criterion.Balanced, 1, 1, 100, 2.3792359632, 1.0162700844)]
    [InlineData(Criterion.Balanced, 1, 1, 3, 2.2647793741, 1.1135470849)]
    public void A_loss_has_the_papers_value_and_gradient(
        Criterion criterion, int contrasts, double gamma, double balance, double expected, double slope)
    {
        var (value, gradient) = Loss(criterion, contrasts, gamma, balance);

        Assert.Equal(expected, value, 2e-6 * Math.Max(1, Math.Abs(expected)));
        Assert.Equal(slope, gradient, 2e-6 * Math.Max(1, Math.Abs(slope)));
    }

    /// <summary>Of the paper, whose loss is the mean of the two terms that NLL adds up.</summary>
    [Fact]
    public void One_contrast_at_even_odds_is_half_of_the_cross_entropy()
    {
        var (one, slope) = Loss(Criterion.Contrastive, 1, 1, 0);
        var (entropy, entropySlope) = Loss(Criterion.NegativeLogLikelihood, 1, 1, 0);

        Assert.Equal(entropy / 2, one, 1e-6);
        Assert.Equal(entropySlope / 2, slope, 1e-6);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void At_great_odds_NRE_C_is_NRE_B(int contrasts)
    {
        var (far, farSlope) = Loss(Criterion.Contrastive, contrasts, 1e9, 0);
        var (limit, slope) = Loss(Criterion.Multiclass, contrasts, 1, 0);

        Assert.Equal(limit, far, 1e-5);
        Assert.Equal(slope, farSlope, 1e-5);
    }

    [Theory]
    [InlineData(Criterion.Contrastive)]
    [InlineData(Criterion.Multiclass)]
    public void A_batch_too_short_for_K_takes_all_its_other_rows(Criterion criterion) =>
        Assert.Equal(Loss(criterion, criterion == Criterion.Multiclass ? 5 : 4, 1, 0), Loss(criterion, 100, 1, 0));

    /// <summary>Of a ratio whose exponentials no float holds.</summary>
    [Theory]
    [InlineData(Criterion.Contrastive)]
    [InlineData(Criterion.Multiclass)]
    [InlineData(Criterion.Balanced)]
    public void Extreme_ratios_leave_the_loss_a_number(Criterion criterion)
    {
        var (value, slope) = Loss(criterion, 3, 1, 100, weight: 500);

        Assert.True(float.IsFinite((float)value) && float.IsFinite((float)slope), $"{value}, {slope}");
    }

    [Theory]
    [InlineData(Criterion.Balanced)]
    [InlineData(Criterion.Multiclass)]
    [InlineData(Criterion.Contrastive)]
    public void Models_of_these_losses_are_compared_by_the_cross_entropy(Criterion criterion)
    {
        using var scope = NewDisposeScope();
        using var network = new Times(1);
        var batch = new TrainingBatch(tensor(Theta, 5, 1), tensor(X, 5, 1), default);

        var compared = Of(network, new LossOptions(criterion, null)).CrossEntropy!;

        Assert.Equal(Loss(Criterion.NegativeLogLikelihood, 1, 1, 0).Value, Number.Read<float>(compared.Of(batch)), 1e-6);
        Assert.Null(Of(network, new LossOptions(Criterion.Focal, null)).CrossEntropy);
    }

    [Theory]
    [InlineData("""{"hidden_size": 16, "num_layers": 2, "activation": "ELU"}""")]
    [InlineData("""{"hidden_size": 16, "num_layers": 1, "activation": "ReLU", "bias": false}""")]
    [InlineData("""{"hidden_size": 16, "num_layers": 1, "activation": "SELU", "normalization": "self"}""")]
    [InlineData("""{"hidden_size": 16, "num_layers": 1, "activation": "GELU", "normalization": "batch"}""")]
    [InlineData("""{"arch": "ResNet", "residual_size": 16, "num_blocks": 2, "activation": "PReLU", "normalization": "layer"}""")]
    public void What_columns_in_common_add_to_the_first_layer_is_computed_once_and_changes_nothing(string keywords)
    {
        using var scope = NewDisposeScope();
        var mode = new ForwardMode { Training = true, FirstDerivativesOnly = true };
        var options = NetworkOptions.Read((JsonObject)JsonNode.Parse(keywords)!, "model", []);
        using var network = FeedForward.Build(options, 3 + 7, 1, new Construction(new InitialWeights(1), mode));
        using var flat = new FlatParameters(network, ScalarType.Float32, CPU);
        var (own, shared) = (rand(4 * 6, 3) - 0.5, (rand(6, 7) - 0.5).requires_grad_(true));

        var (whole, expected, toShared) = Gradients(network.Forward(cat([own, shared.repeat(4, 1)], 1)));
        var (parted, actual, alsoToShared) = Gradients(network.Forward(own, shared));

        Close(whole, parted);
        Close(expected, actual);
        Close(toShared, alsoToShared);

        (float[] Values, float[] ToWeights, float[] ToShared) Gradients(Tensor values)
        {
            flat.Gradients.zero_();
            if (shared.grad is { } before) before.zero_();
            values.Squared().sum().backward();
            return (Number.ReadAll<float>(values), Number.ReadAll<float>(flat.Gradients), Number.ReadAll<float>(shared.grad!));
        }
    }

    /// <summary>A step with K = 8 multiplies what x brings once a row, not nine times.</summary>
    [Fact]
    public void The_embedding_sees_each_observation_once()
    {
        using var scope = NewDisposeScope();
        var settings = new TrainSettings { Simulator = "SLCP", Criterion = Criterion.Contrastive, Arbitrary = true };
        using var network = new Times(1);
        var seen = new List<(long Own, long Shared)>();
        var loss = RatioLosses.Of(new Embedding(null, [1], new Construction(new InitialWeights(0), new ForwardMode())),
            (theta, y, _) =>
            {
                seen.Add((theta.shape[0], y.shape[0]));
                return [new NetworkInput(network, theta, y)];
            },
            LossOptions.Of(settings, size: 1, null, false));

        loss.Of(new TrainingBatch(rand(32, 1), rand(32, 1), default));

        Assert.Equal([(9 * 32, 32)], seen);
    }

    private static (double Value, double Slope) Loss(Criterion criterion, int contrasts, double gamma, double balance, float weight = 1)
    {
        using var scope = NewDisposeScope();
        using var network = new Times(weight);
        var options = new LossOptions(criterion, null) { Contrasts = contrasts, Gamma = gamma, Balance = balance };
        var loss = Of(network, options).Of(new TrainingBatch(tensor(Theta, 5, 1), tensor(X, 5, 1), default));
        loss.backward();
        return (Number.Read<float>(loss), Number.Read<float>(network.Weight.grad!));
    }

    private static ITrainingLoss Of(Times network, LossOptions options) => RatioLosses.Of(
        new Embedding(null, [1], new Construction(new InitialWeights(0), new ForwardMode())),
        (theta, y, _) => [new NetworkInput(network, theta, y)], options);

    private static void Close(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        var largest = expected.Max(Math.Abs);
        Assert.True(largest > 0);
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 1e-5 * largest);
    }

    /// <summary>log r = w θ x.</summary>
    private sealed class Times : Layer
    {
        private readonly TensorSlot _weight;

        public Times(float weight)
        {
            _weight = Parameter("weight", tensor([weight]));
            _weight.Value.requires_grad_(true);
        }

        public Tensor Weight => _weight.Value;

        public override Tensor Forward(Tensor x) => x.narrow(1, 0, 1) * x.narrow(1, 1, 1) * _weight.Value;
    }
}
