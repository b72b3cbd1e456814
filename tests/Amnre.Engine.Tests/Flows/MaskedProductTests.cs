using Amnre.Engine.Flows;
using TorchSharp;
using static TorchSharp.torch;

namespace Amnre.Engine.Tests.Flows;

public sealed class MaskedProductTests
{
    [Fact]
    public void Blocks_cover_the_outputs_and_leave_out_what_no_output_admits()
    {
        // Units in order of 4 degrees, as of 5 parameters.
        var degrees = Enumerable.Range(0, 128).Select(i => i / 32).ToArray();

        Assert.Equal(
            [new AdmittedBlock(0, 32, 32), new(32, 32, 64), new(64, 32, 96), new(96, 32, 128)],
            AdmittedBlocks.Of(Mask(degrees, degrees), 128));
    }

    [Fact]
    public void A_mask_whose_degrees_go_round_is_one_block()
    {
        // As files of the original bring it.
        var degrees = Enumerable.Range(0, 128).Select(i => i % 4).ToArray();

        Assert.Equal([new AdmittedBlock(0, 128, 128)], AdmittedBlocks.Of(Mask(degrees, degrees), 128));
    }

    [Theory]
    [InlineData(128, 128, 4)]
    [InlineData(100, 90, 7)]
    [InlineData(64, 128, 2)]
    public void Values_and_gradients_are_those_of_the_product_with_all_weights(int outputs, int inputs, int degrees)
    {
        using var scope = NewDisposeScope();
        var table = Mask(Degrees(outputs), Degrees(inputs));
        var blocks = AdmittedBlocks.Of(table, inputs);
        Assert.True(blocks.Count > 1);
        var mask = tensor(table).view(outputs, inputs);
        var generator = new Generator(7);
        var (x, weight, upstream) = (Leaf(50, inputs), Leaf(outputs, inputs), randn(50, outputs, generator: generator));
        var (usualX, usualWeight) = (Copy(x), Copy(weight));

        var value = MaskedProduct.Apply(x, weight, mask, blocks);
        (value * upstream).sum().backward();
        var usual = nn.functional.linear(usualX, usualWeight * mask);
        (usual * upstream).sum().backward();
        using var off = no_grad();

        Close(usual, value);
        Close(usualX.grad!, x.grad!);
        Close(usualWeight.grad!, weight.grad!);
        Close(usual, MaskedProduct.Apply(x, weight, mask, blocks));

        int[] Degrees(int units) => [.. Enumerable.Range(0, units).Select(i => i * degrees / units)];
        Tensor Leaf(params long[] shape) => nn.Parameter(randn(shape, generator: generator));
        Tensor Copy(Tensor leaf) => leaf.detach().clone().requires_grad_(true);
    }

    [Fact]
    public void Inputs_that_no_output_admits_have_no_gradient()
    {
        using var scope = NewDisposeScope();
        var mask = zeros(64, 8);
        mask[TensorIndex.Slice(32, 64), TensorIndex.Slice(0, 3)] = 1;
        var x = ones(5, 8).requires_grad_(true);

        var value = MaskedProduct.Apply(x, ones(64, 8), mask, AdmittedBlocks.Of(mask.data<float>().ToArray(), 8));
        value.sum().backward();

        Assert.Equal([.. Enumerable.Repeat(0f, 32), .. Enumerable.Repeat(3f, 32)], value[0].data<float>().ToArray());
        Assert.Equal([32, 32, 32, 0, 0, 0, 0, 0], x.grad![0].data<float>().ToArray());
    }

    private static float[] Mask(int[] outputs, int[] inputs) =>
        [.. outputs.SelectMany(output => inputs.Select(input => output >= input ? 1f : 0f))];

    private static void Close(Tensor expected, Tensor actual) =>
        Assert.True((expected - actual).abs().max().ToSingle() <= 1e-5 * expected.abs().max().ToSingle());
}
