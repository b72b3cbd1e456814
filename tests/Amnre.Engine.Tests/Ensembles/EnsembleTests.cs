using System.Text.Json.Nodes;
using Amnre.Engine.Ensembles;
using Amnre.Engine.Estimators;
using Amnre.Engine.Evaluation;
using Amnre.Engine.Masks;
using Amnre.Engine.Posteriors;
using Amnre.Engine.Settings;
using Amnre.Engine.Tests.Golden;
using Amnre.Engine.Tests.Training;
using Amnre.Engine.Training;

namespace Amnre.Engine.Tests.Ensembles;

/// <summary>Several trained models as one posterior.</summary>
public sealed class EnsembleTests : IDisposable
{
    private static readonly ToySimulator Slcp = new("SLCP", 5, 4, 2);
    private static readonly ParameterMask Pair = ParameterMask.Parse("01100");

    private readonly ScratchDirectory _folder = new();

    private static TrainSettings Amnre => new()
    {
        Simulator = "SLCP",
        Arbitrary = true,
        Model = new JsonObject { ["num_layers"] = 1, ["hidden_size"] = 16, ["activation"] = "ELU" },
        Epochs = 1,
        Descents = 8,
        BatchSize = 256,
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(Combination.Mean)]
    [InlineData(Combination.Mixture)]
    public void An_ensemble_of_one_is_its_member_to_the_bit(Combination combination)
    {
        var path = Trained("a", Amnre);
        using var alone = TrainedModel.Load(path, Slcp, threads: 1);
        using var ensemble = Open(combination, path);

        Assert.Equal(Density(alone), Density(ensemble));
        Assert.Equal(Ratio(alone), Ratio(ensemble));
        var settings = new EvaluateSettings
        {
            Simulator = "SLCP",
            Masks = ["=1", "01100"],
            Last = 3,
            Bins = 16,
            Kl = true,
            Classify = true,
        };
        Assert.Equal(Evaluated(settings, alone, path, "alone"), Evaluated(settings, ensemble, path, "ensemble"));
    }

    [Fact]
    public void A_flow_alone_still_draws_as_it_did()
    {
        var flow = new JsonObject { ["num_transforms"] = 2, ["hidden_features"] = 16 };
        var path = Trained("flow", Amnre with { Arbitrary = false, Flow = true, Model = flow });
        using var alone = TrainedModel.Load(path, Slcp, threads: 1);
        using var ensemble = Open(Combination.Mean, path);

        Assert.True(ensemble.DrawsDirectly);
        Assert.Equal(Drawn(alone), Drawn(ensemble));

        static float[] Drawn(IDirectPosterior posterior)
        {
            var theta = new float[4 * 5];
            posterior.Draw(ParameterMask.Full(5), X(1), 3, 0, theta);
            return theta;
        }
    }

    [Fact]
    public void Members_are_combined_pair_by_pair_and_subset_by_subset()
    {
        string[] paths = [Trained("a", Amnre), Trained("b", Amnre with { Seed = 1 })];
        using var first = TrainedModel.Load(paths[0], Slcp, threads: 1);
        using var second = TrainedModel.Load(paths[1], Slcp, threads: 1);
        using var mean = Open(Combination.Mean, paths);
        using var mixture = Open(Combination.Mixture, paths);

        Assert.NotEqual(Density(first), Density(second));
        Close(Density(first).Zip(Density(second), (a, b) => (a + b) / 2.0), Density(mean));
        Close(Density(first).Zip(Density(second), (a, b) => Math.Log((Math.Exp(a) + Math.Exp(b)) / 2)), Density(mixture));
        Close(Ratio(first).Zip(Ratio(second), (a, b) => (a + b) / 2.0), Ratio(mean));
        Assert.False(mean.DrawsDirectly);
    }

    [Fact]
    public void What_a_member_lacks_the_ensemble_lacks()
    {
        using var ensemble = Open(Combination.Mean, Trained("a", Amnre), Trained("b", Amnre with { Arbitrary = false, Masks = ["=1"] }));

        Assert.True(ensemble.Covers(ParameterMask.Parse("00001")));
        Assert.False(ensemble.Covers(Pair));
    }

    [Fact]
    public void A_member_trained_against_an_adversary_counts_with_what_it_telescopes()
    {
        var frozen = Trained("frozen", Amnre);
        var settings = Amnre with { Arbitrary = false, Masks = ["01100"], Seed = 4 };
        string[] paths = [Trained("a", settings, frozen), Trained("b", settings with { Seed = 5 }, frozen)];
        using var ensemble = Open(Combination.Mean, paths);

        Assert.Null(ensemble.WeighsJoint);
        var density = Density(ensemble);
        // The prior is uniform on [-3, 3).
        Close(Ratio(ensemble).Select(value => value - 2 * Math.Log(6)), [density[0], density[1 * Rows + 1], density[2 * Rows + 2]]);
    }

    [Theory]
    [InlineData("low", "was trained with a prior of ")]
    [InlineData("simulator", "was trained on another version of the simulator than")]
    [InlineData("moments_sha256", "was trained on x standardised by other moments than")]
    [InlineData("basis_sha256", "was trained on x in another reduced basis than")]
    public void Members_of_different_data_are_refused(string key, string says)
    {
        string[] paths = [Trained("a", Amnre), Trained("b", Amnre with { Seed = 1 })];
        var file = Path.ChangeExtension(paths[1], ".json");
        var json = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
        var record = json["trained_on"]!.AsObject();
        record[key] = key == "low" ? new JsonArray(-3, -3, -3, -3, -2) : "other";
        if (key == "moments_sha256") record["standardized"] = true;
        File.WriteAllText(file, json.ToJsonString());

        var refused = Assert.Throws<InputException>(() => Open(Combination.Mean, paths));

        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        Assert.Contains(paths[1], refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_twice_a_model_that_is_not_there_and_a_mixture_of_free_factors_are_refused()
    {
        string[] paths = [Trained("a", Amnre), Trained("b", Amnre with { Criterion = Criterion.Multiclass })];

        Assert.Contains("named twice", Refused(Combination.Mean, paths[0], paths[0]), StringComparison.Ordinal);
        Assert.Contains("there is no model", Refused(Combination.Mean, paths[0], _folder["none.pth"]), StringComparison.Ordinal);
        Assert.Contains("combine: mean", Refused(Combination.Mixture, paths), StringComparison.Ordinal);
        using var mean = Open(Combination.Mean, paths);
        Assert.True(mean.HasFreeFactor);

        string Refused(Combination combination, params string[] models) =>
            Assert.Throws<InputException>(() => Open(combination, models)).Message;
    }

    private const int Rows = 3;

    private static ITrainedPosterior Open(Combination combination, params string[] models) =>
        TrainedPosterior.OpenTrained(models, combination, Slcp, threads: 1, ComputeDevice.Cpu);

    private string Trained(string name, TrainSettings settings, string? adversary = null)
    {
        var path = _folder[$"{name}/model.pth"];
        TrainingRun.Run(settings, Slcp, new TrainInputs(null, Adversary: adversary), path, _folder[$"checkpoints-{name}"],
            RunContexts.Quiet);
        return path;
    }

    private static float[] Density(IMarginalPosterior posterior)
    {
        var density = new float[Rows * Rows];
        posterior.LogDensity(Pair, X(Rows), Theta(), density);
        return density;
    }

    private static float[] Ratio(IPairClassifier classifier)
    {
        var (ratio, frozen) = (new float[Rows], new float[Rows]);
        classifier.LogRatio(Pair, Theta(), X(Rows), ratio, frozen);
        return ratio;
    }

    private static float[] X(int rows)
    {
        var x = new float[rows * 8];
        Slcp.Sample(77, 0, new float[rows * 5], x);
        return x;
    }

    private static float[] Theta() => [0.5f, -1, 2, 0.25f, -1.5f, 1];

    private string Evaluated(EvaluateSettings settings, IMarginalPosterior posterior, string model, string name)
    {
        EvaluationRun.Run(settings, Slcp, posterior, new EvaluateInputs(model, GoldenFile.Path("fixtures/slcp-valid.h5")),
            _folder[$"results-{name}"], RunContexts.Quiet);
        return string.Join('\n', Directory.EnumerateFiles(_folder[$"results-{name}"], "*", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .Select(file => $"{Path.GetRelativePath(_folder[$"results-{name}"], file)} {Convert.ToHexString(File.ReadAllBytes(file))}"));
    }

    private static void Close(IEnumerable<double> expected, float[] actual) =>
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 2e-5 * Math.Max(1, Math.Abs(pair.First))));
}
