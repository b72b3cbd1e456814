using System.Text.Json.Nodes;
using Amnre.Engine.Estimators;
using Amnre.Engine.Masks;
using Amnre.Engine.Networks;
using Amnre.Engine.Optimization;
using Amnre.Engine.Randomness;
using Amnre.Engine.Settings;
using Amnre.Engine.Tests.Training;
using static TorchSharp.torch;

namespace Amnre.Engine.Tests.Estimators;

/// <summary>Laws of every family of estimators.</summary>
public sealed class EstimatorLawsTests
{
    private const int Rows = 32;

    private static readonly ToySimulator Simulator = new("SLCP", 3, 4);

    private static readonly Dictionary<string, TrainSettings> Families = new()
    {
        ["NRE"] = Of(Network("MLP")),
        ["NRE, ResNet, batch"] = Of(Network("ResNet", "batch")) with
        {
            Embedding = new JsonObject { ["arch"] = "MLP", ["output_size"] = 6 },
        },
        ["MNRE"] = Of(Network("MLP", "layer")) with { Masks = ["=1", "110"] },
        ["AMNRE"] = Of(Network("MLP")) with { Arbitrary = true },
        ["AMNRE, hyper"] = Of(Network("MLP")) with
        {
            Arbitrary = true,
            Hyper = new JsonObject { ["residual_size"] = 8, ["num_blocks"] = 1 },
        },
        ["NPE"] = Of(Flow("A")) with { Flow = true },
        ["NPE, spline"] = Of(Flow("PRQ")) with { Flow = true },
        ["NPE, monotonic network"] = Of(Flow("UMNN")) with { Flow = true },
        ["MNPE"] = Of(Flow("A")) with { Flow = true, Masks = ["=1", "101"] },
    };

    public static TheoryData<string> Names { get; } = [.. Families.Keys];

    /// <summary>Standardisation takes the units of theta away: a ratio is the same number in any units, and a density is divided by
    /// the units' factor.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Other_units_of_theta_change_a_ratio_by_nothing_and_a_density_by_their_Jacobian(string name)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        float[] mean = [0.5f, -1, 2], deviation = [1, 2, 0.5f], factor = [100, 0.01f, 3], shift = [5, -0.1f, 1000];
        using var estimator = Build(name, PriorMoments.Given(mean, deviation));
        using var rescaled = Build(name, PriorMoments.Given(
            [.. mean.Zip(factor, shift).Select(p => p.First * p.Second + p.Third)], [.. deviation.Zip(factor, (d, f) => d * f)]));
        foreach (var mask in Covered(estimator))
        {
            var (theta, x) = Batch(mask, ScalarType.Float32);
            var parts = mask.Indices();
            var other = theta * tensor([.. parts.Select(i => factor[i])]) + tensor([.. parts.Select(i => shift[i])]);
            var jacobian = estimator.IsDensity ? parts.Sum(i => Math.Log(factor[i])) : 0;

            // The shift by 1000 costs float32 three digits of theta.
            AssertClose(estimator.LogValue(mask, theta, estimator.Embed(x)) - jacobian, rescaled.LogValue(mask, other, rescaled.Embed(x)),
                2e-3);
        }
    }

    /// <summary>A model of a parameter whose prior is log-uniform is that of its logarithm: a ratio is the same number, a density is
    /// divided by the parameter.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void The_logarithm_takes_the_place_of_a_parameter_on_a_log_scale(string name)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        float[] mean = [-7, 0.2f, -30], deviation = [4, 1, 9];
        bool[] logarithmic = [true, false, true];
        using var plain = Build(name, PriorMoments.Given(mean, deviation));
        using var scaled = Build(name, PriorMoments.Given(mean, deviation, logarithmic));
        foreach (var mask in Covered(plain))
        {
            var (batch, x) = Batch(mask, ScalarType.Float32);
            var parts = mask.Indices();
            var seen = batch * tensor([.. parts.Select(i => deviation[i])]) + tensor([.. parts.Select(i => mean[i])]);
            var columns = tensor([.. parts.Select(i => logarithmic[i])]);
            var theta = where(columns, seen.exp(), seen);
            var jacobian = plain.IsDensity ? where(columns, seen, zeros_like(seen)).sum(-1) : zeros(Rows);

            AssertClose(plain.LogValue(mask, seen, plain.Embed(x)) - jacobian, scaled.LogValue(mask, theta, scaled.Embed(x)), 2e-3);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Double_precision_agrees_with_single(string name)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        using var single = Build(name, PriorMoments.Of(Simulator));
        using var twice = Build(name, PriorMoments.Of(Simulator));
        using var flat = new FlatParameters(twice, ScalarType.Float64, CPU);
        foreach (var mask in Covered(single))
        {
            var (theta, x) = Batch(mask, ScalarType.Float32);

            var values = twice.LogValue(mask, theta.to(float64), twice.Embed(x.to(float64)));

            Assert.Equal(ScalarType.Float64, values.dtype);
            AssertClose(values, single.LogValue(mask, theta, single.Embed(x)), 1e-4);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_value_is_one_number_a_row_whatever_the_mask_and_follows_each_row_alone(string name)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        using var estimator = Build(name, PriorMoments.Of(Simulator));
        foreach (var mask in Covered(estimator))
        {
            var (theta, x) = Batch(mask, ScalarType.Float32);

            var values = estimator.LogValue(mask, theta, estimator.Embed(x));

            Assert.Equal([Rows], values.shape);
            var reversed = estimator.LogValue(mask, theta.flip(0), estimator.Embed(x.flip(0)));
            AssertClose(values.flip(0), reversed, 1e-5);
        }
    }

    public static TheoryData<string, Criterion> Losses { get; } =
        [.. from family in Families from criterion in Enum.GetValues<Criterion>() where !family.Value.Flow || criterion == default
            select (family.Key, criterion)];

    [Theory]
    [MemberData(nameof(Losses))]
    public void The_loss_reaches_every_parameter(string name, Criterion criterion)
    {
        using var scope = NewDisposeScope();
        var (settings, mode) = (Families[name], new ForwardMode { Training = true, FirstDerivativesOnly = true });
        using var estimator = EstimatorAssembly.Build(settings, Simulator, PriorMoments.Of(Simulator), mode);
        using var flat = new FlatParameters(estimator, ScalarType.Float32, CPU);
        var (theta, x) = Batch(ParameterMask.Full(3), ScalarType.Float32);
        var loss = estimator.Loss(new LossOptions(criterion, EstimatorAssembly.Masks(settings, 3)));
        foreach (var part in loss.Parts)
            part.Of(new TrainingBatch(theta, x, new CounterRandom(1, RandomPurpose.Masks, 0))).backward();

        var state = estimator.State().ToDictionary(entry => entry.Path, entry => entry.Slot);
        foreach (var (path, slot) in state.Where(entry => entry.Value.IsParameter))
        {
            // The first of a flow's parameters sees no other: its weights are masked out whole.
            if (state.TryGetValue(path.Replace(".weight", ".mask"), out var mask) && mask.Value.sum().item<float>() == 0) continue;
            Assert.True(slot.Value.grad!.abs().sum().item<float>() > 0, path);
        }
    }

    private static Estimator Build(string name, PriorMoments prior) =>
        EstimatorAssembly.Build(Families[name], Simulator, prior, new ForwardMode());

    private static List<ParameterMask> Covered(Estimator estimator)
    {
        var covered = MaskList.Expand(["=1", "=2", "=3"], 3, null, out _).Where(estimator.Covers).ToList();
        Assert.NotEmpty(covered);
        return covered;
    }

    private static (Tensor Theta, Tensor X) Batch(ParameterMask mask, ScalarType type)
    {
        float[] theta = new float[Rows * 3], x = new float[Rows * 4];
        Simulator.Sample(8, 0, theta, x);
        var places = tensor([.. mask.Indices().Select(index => (long)index)]);
        return (tensor(theta, Rows, 3).index_select(1, places).to(type), tensor(x, Rows, 4).to(type));
    }

    private static void AssertClose(Tensor expected, Tensor actual, double tolerance)
    {
        var error = ((expected - actual).abs() / expected.abs().clamp_min(1)).max().to(float64).item<double>();
        Assert.True(error <= tolerance, $"off by {error}");
    }

    private static TrainSettings Of(JsonObject model) => new() { Simulator = "SLCP", Seed = 2, Model = model };

    private static JsonObject Network(string architecture, string? normalization = null) =>
        new() { ["arch"] = architecture, ["num_layers"] = 2, ["activation"] = "ELU", ["normalization"] = normalization };

    private static JsonObject Flow(string architecture) =>
        new() { ["arch"] = architecture, ["num_transforms"] = 3, ["hidden_features"] = 16, ["activation"] = "ELU" };
}
