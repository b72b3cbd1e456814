using System.Text.Json.Nodes;
using Amnre.Engine.Checkpoints;
using Amnre.Engine.Estimators;
using Amnre.Engine.Masks;
using Amnre.Engine.Networks;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;
using Amnre.Engine.Tests.Evaluation;
using static TorchSharp.torch;

namespace Amnre.Engine.Tests.Estimators;

/// <summary>A study in parameters with log-uniform priors, and the same in their logarithms.</summary>
public sealed class LogarithmicPriorTests : IDisposable
{
    private static readonly TrainSettings Settings = new()
    {
        Simulator = "SCALES",
        Arbitrary = true,
        Seed = 3,
        Model = new JsonObject { ["hidden_size"] = 8, ["num_layers"] = 1 },
    };

    private static readonly ISimulator Values = new ScaleStudy(isLogarithmic: true), Logarithms = new ScaleStudy(isLogarithmic: false);

    private readonly ScratchDirectory _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Moments_are_those_of_the_logarithms()
    {
        var (values, logarithms) = (PriorMoments.Of(Values), PriorMoments.Of(Logarithms));

        Assert.All(values.Mean.Zip(logarithms.Mean), pair => Assert.Equal(pair.Second, pair.First, 1e-4));
        Assert.All(values.Deviation.Zip(logarithms.Deviation), pair => Assert.Equal(pair.Second, pair.First, 1e-4));
        Assert.Equal([true, true, true], values.Logarithmic);
        Assert.Equal([false, false, false], logarithms.Logarithmic);
    }

    [Fact]
    public void A_stored_model_gives_the_ratios_of_the_same_study_in_logarithms()
    {
        using var values = Load(Values, PriorMoments.Of(Values), "values.pth");
        using var logarithms = Load(Logarithms, PriorMoments.Of(Logarithms), "logarithms.pth");

        foreach (var mask in (string[])["111", "010", "101"])
        {
            var expected = Ratios(logarithms, Logarithms, mask);
            Assert.All(expected.Zip(Ratios(values, Values, mask)), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
        }
    }

    /// <summary>Its weights were learnt for the values themselves.</summary>
    [Fact]
    public void A_model_of_before_is_evaluated_as_it_was_trained()
    {
        var moments = PriorMoments.Given([1, 1, 1000], [3, 1, 1000]);
        using var estimator = EstimatorAssembly.Build(Settings, Values, moments, new ForwardMode());
        using var model = Load(Values, moments, "before.pth");
        var (theta, x) = Rows(Values);
        using var scope = NewDisposeScope();
        using var off = no_grad();

        var expected = estimator.LogValue(ParameterMask.Parse("111"), tensor(theta).view(-1, 3), estimator.Embed(tensor(x).view(-1, 3)));

        Assert.Equal(expected.data<float>().ToArray(), Ratios(model, Values, "111"));
    }

    private TrainedModel Load(ISimulator simulator, PriorMoments moments, string name)
    {
        using (var estimator = EstimatorAssembly.Build(Settings, simulator, moments, new ForwardMode()))
            StateFile.Write(_scratch[name], StateTransfer.Save(estimator));
        new ModelFile(Settings, new TrainInputs(null), name, null).Write(Path.ChangeExtension(_scratch[name], ".json"));
        return TrainedModel.Load(_scratch[name], simulator, 1);
    }

    private static (float[] Theta, float[] X) Rows(ISimulator simulator)
    {
        var (theta, x) = (new float[64 * 3], new float[64 * 3]);
        simulator.Sample(5, 0, theta, x);
        return (theta, x);
    }

    private static float[] Ratios(TrainedModel model, ISimulator simulator, string text)
    {
        var (mask, (theta, x)) = (ParameterMask.Parse(text), Rows(simulator));
        float[] chosen = [.. theta.Index().Where(one => mask[one.Index % 3]).Select(one => one.Item)];
        var ratios = new float[64];
        model.LogRatio(mask, chosen, x, ratios, []);
        return ratios;
    }
}
