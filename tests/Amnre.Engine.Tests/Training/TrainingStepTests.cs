using System.Text.Json.Nodes;
using Amnre.Engine.Checkpoints;
using Amnre.Engine.Estimators;
using Amnre.Engine.Flows;
using Amnre.Engine.Masks;
using Amnre.Engine.Networks;
using Amnre.Engine.Optimization;
using Amnre.Engine.Settings;
using Amnre.Engine.Tests.Golden;
using Amnre.Engine.Training;
using Amnre.Engine.TrainingRows;
using TorchSharp;

namespace Amnre.Engine.Tests.Training;

public sealed class TrainingStepTests
{
    [Theory]
    [InlineData("nre_nll", Criterion.NegativeLogLikelihood)]
    [InlineData("mnre_fl", Criterion.Focal)]
    [InlineData("npe_nll", Criterion.NegativeLogLikelihood)]
    public void Three_steps_give_the_original_s_losses_gradients_and_parameters(string name, Criterion criterion)
    {
        var golden = GoldenFile.Json("training_steps.json")[name]!;
        var before = GoldenFile.State(golden["state_before"]!);
        using var estimator = Build(name);
        StateTransfer.Load(estimator, before, "golden");
        var rows = new FixedRows(golden);
        var settings = new TrainSettings
        {
            Simulator = "",
            Clip = golden["clip"]!.GetValue<double>(),
            WeightDecay = golden["weight_decay"]!.GetValue<double>(),
        };
        using var training = new Lockstep(
            [new TrainingSetup(settings, estimator, new ForwardMode(), new LossOptions(criterion, null), rows, null)]);
        var state = new TrainingState { Schedule = new ScheduleState(golden["lr"]!.GetValue<double>()), Started = default };

        foreach (var step in golden["steps"]!.AsArray())
        {
            state = training.Step([state])[0];

            Close(GoldenFile.Floats(step!["loss"]), [state.Losses[^1]], 1e-5);
            foreach (var (path, values) in step["clipped_grads"]!.AsObject())
                Close(GoldenFile.Floats(values), Slot(estimator, path).grad!.data<float>().ToArray(), 1e-5);
            foreach (var (path, values) in step["params"]!.AsObject())
                Close(GoldenFile.Floats(values), Slot(estimator, path).data<float>().ToArray(), 1e-5);
        }
    }

    private static Estimator Build(string name)
    {
        // The moments come with the state.
        var prior = PriorMoments.Given([0, 0, 0], [1, 1, 1]);
        var network = new NetworkOptions { HiddenSize = 8, Activation = "ELU" };
        var construction = new Construction(new InitialWeights(0), new ForwardMode { Training = true });
        return name switch
        {
            "nre_nll" => new NeuralRatioEstimator(network, null, [4], prior, construction),
            "mnre_fl" => new ListedSubsetsEstimator(MaskList.Expand(["=1", "=2", "=3"], 3, null, out _), null, [4], prior, construction,
                (moments, size) => new NeuralRatioEstimator(network, null, [size], moments, construction)),
            _ => new NeuralPosteriorEstimator(new FlowOptions { Transforms = 2, HiddenFeatures = 8, Blocks = 1 }, null, [4], prior,
                construction),
        };
    }

    [Fact]
    public void Every_parameter_gets_a_gradient_whatever_the_network()
    {
        foreach (var activation in Activation.Names)
            foreach (var normalization in new[] { null, "batch", "layer", "group", "self" })
                foreach (var architecture in NetworkOptions.Architectures)
                {
                    var mode = new ForwardMode { Training = true };
                    var options = new NetworkOptions
                    {
                        Architecture = architecture,
                        Activation = activation,
                        Normalization = normalization,
                        HiddenSize = 6,
                        ResidualSize = 6,
                        Dropout = 0.1,
                    };
                    using var scope = torch.NewDisposeScope();
                    using var estimator = new NeuralRatioEstimator(
                        options, null, [4], PriorMoments.Given([0, 0, 0], [1, 1, 1]), new Construction(new InitialWeights(3), mode));
                    mode.Dropout = new torch.Generator(5, torch.CPU);
                    using var flat = new FlatParameters(estimator, torch.ScalarType.Float32, torch.CPU);
                    var batch = new ToySimulator("toy", 3, 4);
                    float[] theta = new float[16 * 3], x = new float[16 * 4];
                    batch.Sample(1, 0, theta, x);

                    estimator.Loss(new LossOptions(Criterion.NegativeLogLikelihood, null))
                        .Of(new TrainingBatch(torch.tensor(theta, 16, 3), torch.tensor(x, 16, 4), default)).backward();

                    foreach (var (path, slot) in estimator.State().Where(entry => entry.Slot.IsParameter))
                    {
                        // A bias before batch normalisation has none but rounding; zeros of LeCun's PReLU pass none of the negative part
                        // on, but have one.
                        var size = slot.Value.grad!.abs().sum().item<float>();
                        Assert.True(float.IsFinite(size) && size > 0,
                            $"{architecture} {activation} {normalization}: {path} has gradient {size}");
                    }

                    Assert.True(flat.Gradients.norm().item<float>() > 0);
                }
    }

    private static torch.Tensor Slot(Estimator estimator, string path) => estimator.State().Single(entry => entry.Path == path).Slot.Value;

    private static void Close(float[] expected, float[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance * Math.Abs(expected[i]) + 1e-6,
                $"{i}: {actual[i]} is not {expected[i]}");
    }

    private sealed class FixedRows(JsonNode golden) : ITrainingRows
    {
        public int Steps => 3;

        public (torch.Tensor Theta, torch.Tensor X) Batch(int epoch, int step) => (Of("theta"), Of("x"));

        public void Dispose()
        {
        }

        private torch.Tensor Of(string name) => torch.tensor(GoldenFile.Floats(golden[name])).view(GoldenFile.Shape(golden[name]));
    }
}
