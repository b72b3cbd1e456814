using System.Text.Json.Nodes;
using Amnre.Engine.Checkpoints;
using Amnre.Engine.Embeddings;
using Amnre.Engine.Estimators;
using Amnre.Engine.Masks;
using Amnre.Engine.Networks;
using Amnre.Engine.Tests.Golden;
using TorchSharp;

namespace Amnre.Engine.Tests.Estimators;

/// <summary>Weights of the original, loaded; its inputs, evaluated; its outputs, found again.</summary>
public sealed class GoldenRatioTests
{
    public static TheoryData<string> Models() =>
        [.. Index().Where(model => model["class"]!.GetValue<string>() == "NRE" || model["class"]!.GetValue<string>() == "AMNRE")
            .Select(model => model["name"]!.GetValue<string>())];

    [Theory]
    [MemberData(nameof(Models))]
    public void An_estimator_gives_the_original_s_values_in_both_precisions(string name)
    {
        Compare(name, torch.float32, "out_f32", 1e-5);
        Compare(name, torch.float64, "out_f64", 1e-10);
    }

    private static void Compare(string name, torch.ScalarType type, string key, double tolerance)
    {
        var golden = GoldenFile.Json($"models/{name}.json");
        using var scope = torch.NewDisposeScope();
        using var off = torch.no_grad();
        var estimator = Build(golden, out _);
        var state = StateFile.Read(GoldenFile.Path($"models/{name}.pth"));
        if (golden["kwargs"]!["moments"] is null) AddStandardMoments(state);
        StateTransfer.Load(estimator, state, name);

        foreach (var (_, slot) in estimator.State())
            if (slot.Value.is_floating_point()) slot.Value = slot.Value.to(type);

        Assert.NotEmpty(golden["calls"]!.AsArray());
        foreach (var call in golden["calls"]!.AsArray())
        {
            // Some calls were recorded in single precision only.
            if (call!["theta"] is null || call[key] is null) continue;
            var theta = GoldenFile.Floats(call["theta"]);
            var rows = call["x"]!.AsArray().Count;
            var x = GoldenFile.Floats(call["x"]);
            if (call["mask"] is JsonArray { Count: > 0 } several && several[0] is JsonArray) continue;
            // The last call of AMNRE selected mask 101 before, and gives none.
            var mask = call["mask"] is JsonArray bits ? MaskOf(bits) : theta.Length / rows == 3
                ? ParameterMask.Full(3)
                : ParameterMask.Parse("101");

            var y = estimator.Embed(torch.tensor(x, rows, x.Length / rows).to(type));
            var reduced = Reduce(theta, rows, mask);
            var actual = estimator.LogValue(mask, torch.tensor(reduced, rows, mask.Count).to(type), y).to(torch.float64).data<double>()
                .ToArray();

            var expected = GoldenFile.Doubles(call[key]);
            Assert.Equal(expected.Length, actual.Length);
            for (var i = 0; i < expected.Length; i++)
                Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance * Math.Abs(expected[i]) + tolerance / 10,
                    $"{i}: {actual[i]} is not {expected[i]}");
        }
    }

    /// <summary>What a file of the original keeps of the generated network is made for the mask of all parameters.</summary>
    [Theory]
    [InlineData("amnre_hyper_mlp")]
    [InlineData("amnre_hyper_resnetbn")]
    public void Settling_makes_the_stored_weights_of_the_original(string name)
    {
        using var scope = torch.NewDisposeScope();
        var estimator = Build(GoldenFile.Json($"models/{name}.json"), out _);
        var stored = StateFile.Read(GoldenFile.Path($"models/{name}.pth"));
        StateTransfer.Load(estimator, stored, name);
        foreach (var (path, slot) in estimator.State())
            if (path.StartsWith("net.", StringComparison.Ordinal) && path.EndsWith("weight", StringComparison.Ordinal)) slot.Value.zero_();

        estimator.Settle();

        foreach (var (path, tensor) in StateTransfer.Save(estimator))
            if (tensor.Type == ElementType.Float32) Close(stored[path].Values<float>().ToArray(), tensor.Values<float>().ToArray());
    }

    [Fact]
    public void AMNRE_takes_another_mask_in_each_row()
    {
        var golden = GoldenFile.Json("models/amnre.json");
        var seen = 0;
        using var scope = torch.NewDisposeScope();
        using var off = torch.no_grad();
        var estimator = Build(golden, out _);
        StateTransfer.Load(estimator, StateFile.Read(GoldenFile.Path("models/amnre.pth")), "amnre");
        foreach (var call in golden["calls"]!.AsArray()
            .Where(call => call!["mask"] is JsonArray { Count: > 0 } masks && masks[0] is JsonArray))
        {
            var theta = GoldenFile.Floats(call!["theta"]);
            var x = GoldenFile.Floats(call["x"]);
            var rows = call["x"]!.AsArray().Count;
            var expected = GoldenFile.Floats(call["out_f32"]);
            var masks = call["mask"]!.AsArray();
            var columns = expected.Length / rows;
            var size = theta.Length / rows;
            for (var row = 0; row < rows; row++)
                for (var column = 0; column < columns; column++)
                {
                    // Equal shapes pair row by row; otherwise every row meets every mask.
                    var mask = MaskOf(masks[columns == 1 ? row : column]!.AsArray());
                    var y = estimator.Embed(torch.tensor(x[(row * x.Length / rows)..((row + 1) * x.Length / rows)], 1, x.Length / rows));
                    var reduced = Reduce(theta[(row * size)..((row + 1) * size)], 1, mask);
                    Close([expected[row * columns + column]],
                        [estimator.LogValue(mask, torch.tensor(reduced, 1, mask.Count), y).item<float>()]);
                    seen++;
                }
        }

        Assert.True(seen > 0);
    }

    [Fact]
    public void Batch_normalisation_in_training_uses_and_keeps_the_statistics_of_both_halves()
    {
        var golden = GoldenFile.Json("batchnorm_train_forward.json");
        using var scope = torch.NewDisposeScope();
        using var off = torch.no_grad();
        var estimator = Build(golden, out var mode);
        StateTransfer.Load(estimator, GoldenFile.State(golden["state_before"]!), "before");
        mode.Training = true;

        var theta = torch.tensor(GoldenFile.Floats(golden["theta"])).view(GoldenFile.Shape(golden["theta"])).flatten(0, 1);
        var x = torch.tensor(GoldenFile.Floats(golden["x"])).view(GoldenFile.Shape(golden["x"])).flatten(0, 1);
        var actual = estimator.LogValue(ParameterMask.Full(3), theta, x).data<float>().ToArray();

        Close(GoldenFile.Floats(golden["out_f32"]), actual);
        var after = StateTransfer.Save(estimator);
        foreach (var (path, tensor) in GoldenFile.State(golden["state_after"]!))
            if (tensor.Type == ElementType.Float32) Close(tensor.Values<float>().ToArray(), after[path].Values<float>().ToArray());
            else Assert.Equal(tensor.Bytes, after[path].Bytes);
    }

    [Fact]
    public void Loading_names_what_does_not_fit()
    {
        var estimator = Build(GoldenFile.Json("models/amnre.json"), out _);

        var names = Assert.Throws<InputException>(
            () => StateTransfer.Load(estimator, StateFile.Read(GoldenFile.Path("models/nre_mlp_ELU.pth")), "x.pth"));
        Assert.Contains("lacks default", names.Message, StringComparison.Ordinal);
        Assert.Contains("x.pth", names.Message, StringComparison.Ordinal);

        var state = StateFile.Read(GoldenFile.Path("models/amnre.pth"));
        state["net.net.0.weight"] = StoredTensor.Of<float>([1]);
        Assert.Contains("net.net.0.weight", Assert.Throws<InputException>(() => StateTransfer.Load(estimator, state, "x.pth")).Message,
            StringComparison.Ordinal);
    }

    private static IEnumerable<JsonNode> Index() => GoldenFile.Json("models_index.json")["models"]!.AsArray().Select(model => model!);

    private static Estimator Build(JsonNode golden, out ForwardMode mode)
    {
        var keywords = golden["kwargs"]!.DeepClone().AsObject();
        JsonNode? Take(string name)
        {
            var node = keywords[name]?.DeepClone();
            keywords.Remove(name);
            return node;
        }

        var moments = Take("moments");
        var xSize = Take("x_size")?.GetValue<int>();
        var inputShape = Take("input_shape");
        var prior = Take("theta_size") is { } size && moments is null
            ? PriorMoments.Given(new float[size.GetValue<int>()], [.. Enumerable.Repeat(1f, size.GetValue<int>())])
            : PriorMoments.Given(GoldenFile.Floats(moments!["mu"]), GoldenFile.Floats(moments["sigma"]));
        var errors = new List<(string Field, string Message)>();
        var hyper = Take("hyper") is JsonObject generator ? NetworkOptions.Read(generator, "hyper", errors, architecture: "ResNet") : null;
        var embedding = Take("embedding") is JsonObject given ? EmbeddingOptions.Read(given, "embedding", errors) : null;
        var network = NetworkOptions.Read(keywords, "model", errors);
        Assert.Empty(errors);

        mode = new ForwardMode();
        var construction = new Construction(new InitialWeights(0), mode);
        var observation = xSize ?? GoldenFile.Floats(inputShape).Aggregate(1, (product, size) => product * (int)size);
        return (golden["class"]?.GetValue<string>() ?? "NRE") == "NRE"
            ? new NeuralRatioEstimator(network, embedding, [observation], prior, construction)
            : hyper is not null
                ? new HyperRatioEstimator(network, hyper, embedding, [observation], prior, construction)
                : new ArbitraryRatioEstimator(network, embedding, [observation], prior, construction);
    }

    /// <summary>Without moments the original does not standardise: mean 0 and deviation 1.</summary>
    private static void AddStandardMoments(IDictionary<string, StoredTensor> state)
    {
        state["standardize.mu"] = StoredTensor.Of<float>([0, 0, 0]);
        state["standardize.isigma"] = StoredTensor.Of<float>([1, 1, 1]);
    }

    private static ParameterMask MaskOf(JsonArray bits) =>
        ParameterMask.Parse(string.Concat(bits.Select(bit => bit!.GetValue<bool>() ? '1' : '0')));

    private static float[] Reduce(float[] theta, int rows, ParameterMask mask)
    {
        var size = theta.Length / rows;
        return size == mask.Count
            ? theta
            : [.. Enumerable.Range(0, rows).SelectMany(row => mask.Indices().Select(i => theta[row * size + i]))];
    }

    private static void Close(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= 1e-5 * Math.Abs(expected[i]) + 1e-6, $"{i}: {actual[i]} is not {expected[i]}");
    }
}
