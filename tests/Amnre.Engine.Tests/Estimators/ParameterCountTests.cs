using System.Text.Json.Nodes;
using Amnre.Engine.Datasets;
using Amnre.Engine.Estimators;
using Amnre.Engine.Networks;
using Amnre.Engine.Settings;
using Amnre.Engine.Tests.Training;
using Amnre.Engine.Training;

namespace Amnre.Engine.Tests.Estimators;

/// <summary>Parameters are counted from the settings as building the network would find them.</summary>
public sealed class ParameterCountTests
{
    private static readonly ToySimulator Simulator = new("SLCP", 3, 4);

    private static readonly string[] Networks =
    [
        "{}", """{"num_layers": 0, "hidden_size": 7}""", """{"num_layers": 3, "hidden_size": 9, "bias": false, "activation": "PReLU"}""",
        """{"normalization": "batch", "hidden_size": 6}""", """{"normalization": "group", "hidden_size": 6, "activation": "PReLU"}""",
        """{"arch": "ResNet", "residual_size": 5, "num_blocks": 2, "num_layers": 2, "normalization": "layer"}""",
        """{"arch": "ResNet", "num_blocks": 0}""",
    ];

    private static readonly string[] Flows =
    [
        "{}", """{"arch": "PRQ", "num_bins": 5, "hidden_features": 9}""",
        """{"arch": "UMNN", "integrand_net_layers": [7, 6], "cond_size": 4}""",
        """{"use_residual_blocks": true, "use_batch_norm": true, "num_blocks": 3}""",
        """{"use_batch_norm": true, "lu_linear": true, "num_transforms": 2}""",
        """{"arch": "PRQ", "num_bins": 5, "coupling": true, "bounded": true, "hidden_features": 9}""",
        """{"coupling": true, "use_residual_blocks": true, "use_batch_norm": true, "num_blocks": 3, "lu_linear": true}""",
    ];

    public static TheoryData<string> Ratios { get; } = [.. Networks];

    public static TheoryData<string> Densities { get; } = [.. Flows];

    [Theory]
    [MemberData(nameof(Ratios))]
    public void Of_ratios(string model)
    {
        var settings = new TrainSettings { Simulator = "SLCP", Model = (JsonObject)JsonNode.Parse(model)! };
        var embedding = new JsonObject { ["hidden_size"] = 5, ["output_size"] = 2 };
        Same(settings);
        Same(settings with { Embedding = embedding });
        Same(settings with { Masks = ["=1", "110"] });
        Same(settings with { Trials = true, Embedding = (JsonObject)embedding.DeepClone() }, new ToySimulator("SLCP", 3, 4, 6));
        Same(settings with { Arbitrary = true });
        Same(settings with
        {
            Arbitrary = true,
            Hyper = new JsonObject { ["residual_size"] = 8, ["num_blocks"] = 1 },
            Embedding = (JsonObject)embedding.DeepClone(),
        });
    }

    [Theory]
    [InlineData("""{"arch": "ResNet", "residual_size": 5, "output_size": 2, "missing": 0.1}""")]
    [InlineData("""{"arch": "DeepSet", "hidden_size": 5, "num_layers": 2, "output_size": 3, "normalization": "layer"}""")]
    [InlineData("""{"arch": "DeepSet", "axis": 1, "output_size": 3, "missing": 0.2}""")]
    [InlineData("""{"arch": "SetTransformer", "hidden_size": 6, "num_heads": 3, "num_blocks": 3, "output_size": 4}""")]
    [InlineData("""{"arch": "CNN", "output_size": 4, "filters": [3, 5], "kernel_size": 3, "normalization": "layer"}""")]
    [InlineData("""{"arch": "CNN", "output_size": 4, "axis": 0, "pooled": 2, "missing": 0.2}""")]
    public void Of_embeddings(string embedding)
    {
        var settings = new TrainSettings { Simulator = "SLCP", Arbitrary = true, Embedding = (JsonObject)JsonNode.Parse(embedding)! };
        Same(settings, new ToySimulator("SLCP", 3, 4, 6));
        Same(settings, new ToySimulator("SLCP", 3, 4, 6, 2));
    }

    [Theory]
    [MemberData(nameof(Densities))]
    public void Of_flows(string model)
    {
        var settings = new TrainSettings { Simulator = "SLCP", Flow = true, Model = (JsonObject)JsonNode.Parse(model)! };
        Same(settings);
        Same(settings with { Masks = ["=1", "=2"], Filter = "110" });
    }

    [Theory]
    [InlineData("""{"hidden_size": 1000000000}""", "1000000000")]
    [InlineData("""{"num_layers": 2000000000, "hidden_size": 64}""", "of memory")]
    public void What_no_machine_holds_is_named_without_building_it(string model, string told)
    {
        var settings = new TrainSettings { Simulator = "SLCP", Model = (JsonObject)JsonNode.Parse(model)! };

        var (field, message) = Assert.Single(TrainSettingsErrors.Of(settings, Simulator));

        Assert.Equal("model", field);
        Assert.Contains(told, message, StringComparison.Ordinal);
        Assert.Matches(@"takes at least \d+ bytes \([\d.]+ [TPE]B\) of memory", message);
    }

    [Fact]
    public void What_this_machine_does_not_hold_is_refused_with_both_numbers()
    {
        var settings = new TrainSettings { Simulator = "SLCP", Model = new JsonObject { ["hidden_size"] = 100_000 } };
        Assert.Empty(TrainSettingsErrors.Of(settings, Simulator));

        var error = Assert.Throws<InputException>(() => TrainingMemory.Require(settings, Simulator, 8_000_000_000)).Message;

        Assert.Contains("8000000000 bytes (8 GB)", error, StringComparison.Ordinal);
        TrainingMemory.Require(settings with { Model = [] }, Simulator, 8_000_000_000);
    }

    [Fact]
    public void Rows_that_no_disk_holds_are_named()
    {
        Assert.Contains("EB)",
            Assert.Single(SampleSettingsErrors.Of(new DrawSettings { Seed = 0, Rows = long.MaxValue / 64 }, Simulator)).Message,
            StringComparison.Ordinal);
        using var folder = new ScratchDirectory();
        var error = Assert.Throws<IOException>(() => DatasetSize.Require(Simulator, 1L << 48, folder["a/b.h5"])).Message;
        Assert.Contains("free of", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["a"]));
        DatasetSize.Require(Simulator, 10, folder["a/b.h5"]);
    }

    private static void Same(TrainSettings settings, ToySimulator? simulator = null)
    {
        simulator ??= Simulator;
        using var estimator = EstimatorAssembly.Build(settings, simulator, PriorMoments.Given(new float[3], [1, 1, 1]), new ForwardMode());
        Assert.Equal(estimator.State().Where(entry => entry.Slot.IsParameter).Sum(entry => entry.Slot.Value.numel()),
            (long)ParameterCount.Of(settings, simulator));
    }
}
