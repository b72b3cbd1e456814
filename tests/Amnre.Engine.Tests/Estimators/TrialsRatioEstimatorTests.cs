using Amnre.Engine.Estimators;
using Amnre.Engine.Masks;
using Amnre.Engine.Networks;
using Amnre.Engine.Settings;
using Amnre.Engine.Tests.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Amnre.Engine.Tests.Estimators;

/// <summary>The ratio of trials that are independent given theta is the product of theirs.</summary>
public sealed class TrialsRatioEstimatorTests
{
    private const int Rows = 7;

    private static readonly ParameterMask Full = ParameterMask.Full(3);

    public static TheoryData<string> Embeddings { get; } = ["{}", """{"output_size": 5}""", """{"arch": "DeepSet", "output_size": 5}"""];

    [Theory]
    [MemberData(nameof(Embeddings))]
    public void Trials_add_up_in_any_order_and_one_that_is_not_there_is_left_out(string embedding)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        using var estimator = Build(embedding, 4);
        using var one = Build(embedding, 1);
        foreach (var (mine, its) in estimator.State().Zip(one.State())) its.Slot.Value.copy_(mine.Slot.Value);
        var generator = new Generator(3);
        var (theta, x) = (randn([Rows, 3], generator: generator), randn([Rows, 4, 2], generator: generator));

        var whole = Value(estimator, x);
        var each = Enumerable.Range(0, 4).Select(trial => Value(one, x.narrow(1, trial, 1))).ToList();
        var without = x.clone();
        without[TensorIndex.Colon, TensorIndex.Single(2), TensorIndex.Single(1)] = float.NaN;
        var none = Value(estimator, full_like(x, float.NaN));

        Close(each[0] + each[1] + each[2] + each[3], whole);
        Close(whole, Value(estimator, x.flip(1)));
        Close(each[0] + each[1] + each[3], Value(estimator, without));
        // Nothing was observed: the posterior is the prior.
        Assert.All(none.data<float>().ToArray(), value => Assert.Equal(0, value));

        Tensor Value(Estimator of, Tensor trials) => of.LogValue(Full, theta, of.Embed(trials.flatten(1)));
    }

    [Fact]
    public void The_loss_is_the_sum_of_those_of_the_trials()
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        using var estimator = Build("{}", 4);
        using var one = Build("{}", 1);
        foreach (var (mine, its) in estimator.State().Zip(one.State())) its.Slot.Value.copy_(mine.Slot.Value);
        var generator = new Generator(3);
        var (theta, x) = (randn([Rows, 3], generator: generator), randn([Rows, 4, 2], generator: generator));
        foreach (var criterion in new[] { Criterion.NegativeLogLikelihood, Criterion.Contrastive })
        {
            var options = LossOptions.Of(new TrainSettings { Simulator = "SLCP", Criterion = criterion, Contrasts = 3 }, 3, null, false);

            var all = estimator.Loss(options).Of(new TrainingBatch(theta, x.flatten(1), default));
            var parts = Enumerable.Range(0, 4).Select(trial => new TrainingBatch(theta, x.narrow(1, trial, 1).flatten(1), default))
                .Sum(batch => one.Loss(options).Of(batch).ToDouble());

            Assert.Equal(parts, all.ToDouble(), 1e-4);
        }
    }

    private static Estimator Build(string embedding, int trials)
    {
        var settings = new TrainSettings
        {
            Simulator = "SLCP",
            Trials = true,
            Embedding = (System.Text.Json.Nodes.JsonObject)System.Text.Json.Nodes.JsonNode.Parse(embedding)!,
        };
        return EstimatorAssembly.Build(
            settings, new ToySimulator("SLCP", 3, trials, 2), PriorMoments.Given(new float[3], [1, 1, 1]), new ForwardMode());
    }

    private static void Close(Tensor expected, Tensor actual) => Assert.True((expected - actual).abs().max().ToSingle() < 1e-4);
}
