using System.Text.Json.Nodes;
using Amnre.Engine.Checkpoints;
using Amnre.Engine.Embeddings;
using Amnre.Engine.Estimators;
using Amnre.Engine.Flows;
using Amnre.Engine.Masks;
using Amnre.Engine.Networks;
using Amnre.Engine.Tests.Golden;
using static TorchSharp.torch;

namespace Amnre.Engine.Tests.Estimators;

/// <summary>Estimators of listed subsets and flows: weights of the original, loaded; its outputs, found again in both precisions.</summary>
public sealed class GoldenListedTests
{
    public static TheoryData<string> Models() =>
        [.. GoldenFile.Json("models_index.json")["models"]!.AsArray()
            .Where(model => model!["class"]!.GetValue<string>() is "MNRE" or "MNPE" or "NPE")
            .Select(model => model!["name"]!.GetValue<string>())];

    [Theory]
    [MemberData(nameof(Models))]
    public void An_estimator_gives_the_original_s_values(string name)
    {
        var golden = GoldenFile.Json($"models/{name}.json");
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var checkedCalls = 0;
        foreach (var (type, key, tolerance) in new[] { (float32, "out_f32", 1e-5), (float64, "out_f64", 1e-10) })
        {
            var (estimator, masks) = Build(golden);
            StateTransfer.Load(estimator, StateFile.Read(GoldenFile.Path($"models/{name}.pth")), name);
            foreach (var (_, slot) in estimator.State())
                if (slot.Value.is_floating_point()) slot.Value = slot.Value.to(type);

            foreach (var call in golden["calls"]!.AsArray())
            {
                if (call![key] is null || call["desc"]?.GetValue<string>().StartsWith("ratio mode", StringComparison.Ordinal) == true)
                    continue;
                var theta = Rows(call["theta"], type);
                var y = estimator.Embed(Rows(call["x"], type).flatten(1));
                var expected = GoldenFile.Doubles(call[key]);
                Tensor actual;
                if (call["select_mask"] is JsonArray bits) actual = estimator.LogValue(MaskOf(bits), theta, y);
                else if (masks.Count == 0) actual = estimator.LogValue(ParameterMask.Full((int)theta.shape[1]), theta, y);
                else actual = stack(
                    [.. masks.Select(mask => estimator.LogValue(mask, theta[.., TensorIndex.Tensor(tensor(mask.Indices()))], y))], 1);
                Close(expected, actual, tolerance);
                checkedCalls++;
            }
        }

        Assert.True(checkedCalls >= 1);
    }

    private static (Estimator Estimator, IReadOnlyList<ParameterMask> Masks) Build(JsonNode golden)
    {
        var keywords = golden["kwargs"]!.DeepClone().AsObject();
        JsonNode? Take(string name)
        {
            var node = keywords[name]?.DeepClone();
            keywords.Remove(name);
            return node;
        }

        Take("theta_size");
        var moments = Take("moments");
        var masks = Take("masks") is JsonArray listed ? listed.Select(bits => MaskOf(bits!.AsArray())).ToList() : [];
        var prior = moments is JsonObject given
            ? PriorMoments.Given(GoldenFile.Floats(given["mu"]), GoldenFile.Floats(given["sigma"]))
            : PriorMoments.Given([0, 0, 0], [1, 1, 1]);
        var inputShape = Take("input_shape");
        var observation = Take("x_size")?.GetValue<int>()
            ?? GoldenFile.Floats(inputShape).Aggregate(1, (product, size) => product * (int)size);
        var errors = new List<(string Field, string Message)>();
        var embedding = Take("embedding") is JsonObject network ? EmbeddingOptions.Read(network, "embedding", errors) : null;
        var construction = new Construction(new InitialWeights(0), new ForwardMode());
        var kind = golden["class"]!.GetValue<string>();
        var flow = kind == "MNRE" ? new FlowOptions() : FlowOptions.Read(keywords, "model", errors);
        var options = kind == "MNRE" ? NetworkOptions.Read(keywords, "model", errors) : new NetworkOptions();
        Assert.Empty(errors);
        Estimator estimator = kind switch
        {
            "NPE" => new NeuralPosteriorEstimator(flow, embedding, [observation], prior, construction),
            "MNPE" => new ListedSubsetsEstimator(masks, embedding, [observation], prior, construction,
                (part, size) => new NeuralPosteriorEstimator(flow, null, [size], part, construction)),
            _ => new ListedSubsetsEstimator(masks, embedding, [observation], prior, construction,
                (part, size) => new NeuralRatioEstimator(options, null, [size], part, construction)),
        };
        return (estimator, masks);
    }

    private static ParameterMask MaskOf(JsonArray bits) =>
        ParameterMask.Parse(string.Concat(bits.Select(bit => bit!.GetValue<bool>() ? '1' : '0')));

    private static Tensor Rows(JsonNode? rows, ScalarType type) => tensor(GoldenFile.Doubles(rows), type).view(GoldenFile.Shape(rows));

    private static void Close(double[] expected, Tensor actual, double tolerance)
    {
        var values = actual.to(float64).contiguous().data<double>().ToArray();
        Assert.Equal(expected.Length, values.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - values[i]) <= tolerance * Math.Abs(expected[i]) + tolerance / 10,
                $"{i}: {values[i]} is not {expected[i]}");
    }
}
