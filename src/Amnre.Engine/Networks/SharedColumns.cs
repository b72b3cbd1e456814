using static TorchSharp.torch;

namespace Amnre.Engine.Networks;

/// <summary>A linear layer of rows in M blocks of N, whose last columns are the same in every block: what these add to the product is
/// computed once for all blocks.</summary>
/// <param name="layers">One, for rows (M N, first columns); or those of K models at once, for (K, M N, greatest number of first
/// columns).</param>
/// <param name="shared">(N, last columns), or (K, N, last columns).</param>
internal sealed class SharedColumns(IReadOnlyList<Linear> layers, Tensor shared) : Layer, IAffineLayer
{
    public Tensor? Bias => layers[0].Bias;

    private long Blocks(Tensor own) => own.shape[^2] / shared.shape[^2];

    public Tensor Product(Tensor own)
    {
        var weights = layers[0].Weight.split([layers[0].Weight.shape[1] - shared.shape[1], shared.shape[1]], 1);
        var product = nn.functional.linear(own.view(Blocks(own), shared.shape[0], own.shape[1]), weights[0]);
        return product.Increase(nn.functional.linear(shared, weights[1])).flatten(0, 1);
    }

    // Not in place, so that the result is no view, which operations in place make slow.
    public override Tensor Forward(Tensor own) => shared.dim() == 3 ? OfAll(own)
        : Bias is { } bias ? Product(own).Plus(bias) : Product(own);

    private Tensor OfAll(Tensor own)
    {
        var (models, width, columns) = (layers.Count, own.shape[2], shared.shape[2]);
        var product = own.bmm(Linear.Weights(layers, weight => Linear.Padded(weight.narrow(-1, 0, weight.shape[^1] - columns), width)));
        var once = shared.bmm(Linear.Weights(layers, weight => weight.narrow(-1, weight.shape[^1] - columns, columns)));
        if (Bias is not null) once = once.Increase(Linear.Biases(layers));
        return product.view(models, Blocks(own), shared.shape[1], -1).Plus(once.unsqueeze(1)).flatten(1, 2);
    }
}
