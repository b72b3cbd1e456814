using System.Text.Json.Nodes;
using Amnre.Engine.Embeddings;
using Amnre.Engine.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Amnre.Engine.Tests.Embeddings;

/// <summary>Laws of the networks that turn an observation into y.</summary>
public sealed class EmbeddingTests
{
    private const int Rows = 8;

    public static TheoryData<string> Sets { get; } =
    [
        """{"arch": "DeepSet", "hidden_size": 9, "output_size": 5, "missing": 0.2}""",
        """{"arch": "SetTransformer", "hidden_size": 8, "num_heads": 2, "output_size": 5, "missing": 0.2}""",
    ];

    public static TheoryData<string> All { get; } =
    [
        .. Sets.Select(row => row.Data),
        """{"hidden_size": 9, "output_size": 5, "missing": 0.2}""",
        """{"arch": "ResNet", "residual_size": 9, "output_size": 5, "missing": 0.2, "normalization": "layer"}""",
        """{"arch": "CNN", "filters": [4, 6], "kernel_size": 3, "pooled": 2, "output_size": 5, "missing": 0.2, "normalization": "layer"}""",
        """{"arch": "CNN", "axis": 0, "stride": 1, "output_size": 5, "missing": 0.2}""",
    ];

    [Theory]
    [MemberData(nameof(Sets))]
    public void The_order_of_the_elements_of_a_set_does_not_matter(string keywords)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var x = randn([Rows, 6, 2], generator: new Generator(1));
        // One element is not there.
        x[TensorIndex.Colon, TensorIndex.Single(4)] = float.NaN;
        using var embedding = Build(keywords, new ForwardMode(), 6, 2);

        var y = embedding.Forward(x.flatten(1));

        Close(y, embedding.Forward(x.index_select(1, tensor([3L, 5, 4, 0, 2, 1])).flatten(1)));
        Assert.NotEqual(y.data<float>().ToArray(), embedding.Forward(x.flatten(1) + 0.1).data<float>().ToArray());
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void An_element_that_is_not_there_does_not_count(string keywords)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var x = randn([Rows, 6, 2], generator: new Generator(1));
        using var embedding = Build(keywords, new ForwardMode(), 6, 2);
        var half = x.clone();
        half[TensorIndex.Colon, TensorIndex.Slice(3)] = float.NaN;
        // Nor does what is left of an element that lost one of its values.
        var broken = half.clone();
        broken[TensorIndex.Colon, TensorIndex.Slice(3), TensorIndex.Single(0)] = 7;
        var twice = cat([x.narrow(1, 0, 3), x.narrow(1, 0, 3)], 1);

        var y = embedding.Forward(half.flatten(1));

        Close(y, embedding.Forward(broken.flatten(1)));
        // The mean of three elements is that of the same three twice, but for the part that is there.
        Assert.False(allclose(y, embedding.Forward(twice.flatten(1))));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void What_is_missing_has_no_influence_and_is_told_from_zero(string keywords)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var x = randn([Rows, 4, 6], generator: new Generator(1));
        using var embedding = Build(keywords, new ForwardMode(), 4, 6);
        var (missing, zero) = (x.clone(), x.clone());
        missing[TensorIndex.Colon, TensorIndex.Single(2)] = float.NaN;
        zero[TensorIndex.Colon, TensorIndex.Single(2)] = 0;

        var y = embedding.Forward(missing.flatten(1));

        Assert.True(y.isfinite().all().ToBoolean());
        Assert.False(allclose(y, embedding.Forward(zero.flatten(1))));
        Assert.True(embedding.Forward(full_like(x, float.NaN).flatten(1)).isfinite().all().ToBoolean());
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_step_goes_without_parts_by_its_own_draws_and_an_evaluation_takes_all(string keywords)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var x = randn([64, 4, 6], generator: new Generator(1)).flatten(1);
        var mode = new ForwardMode();
        using var embedding = Build(keywords, mode, 4, 6);
        Assert.True(mode.NeedsDropout);

        var all = embedding.Forward(x);
        mode.Training = true;
        var (first, again, other) = (Step(3), Step(3), Step(4));

        Assert.Equal(first.data<float>().ToArray(), again.data<float>().ToArray());
        Assert.False(allclose(first, other));
        // 0.8 to the fourth power of the rows is whole.
        var whole = (first - all).abs().amax([1]).lt(1e-5).to_type(ScalarType.Float32).mean().ToSingle();
        Assert.InRange(whole, 0.2, 0.65);

        Tensor Step(ulong seed)
        {
            mode.Dropout = new Generator(seed);
            return embedding.Forward(x);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Gradients_reach_every_weight(string keywords)
    {
        using var scope = NewDisposeScope();
        using var embedding = Build(keywords, new ForwardMode(), 4, 6);
        foreach (var (_, slot) in embedding.State()) slot.Value.requires_grad_(slot.IsParameter);

        embedding.Forward(randn([Rows, 24], generator: new Generator(1))).Squared().sum().backward();

        Assert.All(embedding.State().Where(entry => entry.Slot.IsParameter),
            entry => Assert.True(entry.Slot.Value.grad?.abs().sum().ToSingle() > 0, entry.Path));
    }

    [Theory]
    [InlineData("""{"arch": "DeepSets", "output_size": 3}""", "embedding.arch", "give one of MLP, ResNet, DeepSet, SetTransformer, CNN")]
    [InlineData("""{"arch": "DeepSet", "output_size": 3, "kernel_size": 3}""", "embedding.kernel_size", "no keyword")]
    [InlineData("""{"arch": "CNN", "output_size": 3, "kernel_size": 4}""", "embedding.kernel_size", "odd")]
    [InlineData("""{"arch": "CNN", "output_size": 3, "filters": []}""", "embedding.filters", "list of integers")]
    [InlineData("""{"arch": "SetTransformer", "output_size": 3, "num_heads": 5}""", "embedding.num_heads", "divisor")]
    [InlineData("""{"output_size": 3, "missing": 1}""", "embedding.missing", "below 1")]
    [InlineData("""{"output_size": 3, "axis": 0}""", "embedding.axis", "no keyword")]
    public void Keywords_that_mean_nothing_are_refused(string keywords, string field, string told)
    {
        var errors = new List<(string Field, string Message)>();

        EmbeddingOptions.Read((JsonObject)JsonNode.Parse(keywords)!, "embedding", errors);

        var (where, message) = Assert.Single(errors);
        Assert.Equal(field, where);
        Assert.Contains(told, message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_axis_that_observations_do_not_have_is_refused()
    {
        Assert.Equal("'axis' is 2, but an observation has shape (4, 2): give at most 1", new EmbeddingOptions { Axis = 2 }.Error([4, 2]));
        Assert.Null(new EmbeddingOptions { Axis = 1 }.Error([4, 2]));
    }

    private static Embedding Build(string keywords, ForwardMode mode, params int[] shape)
    {
        var errors = new List<(string Field, string Message)>();
        var options = EmbeddingOptions.Read((JsonObject)JsonNode.Parse(keywords)!, "embedding", errors);
        Assert.Empty(errors);
        return new Embedding(options, shape, new Construction(new InitialWeights(5), mode));
    }

    private static void Close(Tensor expected, Tensor actual) =>
        Assert.True((expected - actual).abs().max().ToSingle() < 1e-5, $"{expected.str()} {actual.str()}");
}
