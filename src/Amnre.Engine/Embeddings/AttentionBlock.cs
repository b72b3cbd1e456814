using Amnre.Engine.Networks;
using static TorchSharp.torch;

namespace Amnre.Engine.Embeddings;

/// <summary>h + attention(norm h), then h + f(norm h) with f of one hidden layer of twice the width.
/// Vaswani et al., Attention is all you need (NeurIPS 2017).</summary>
internal sealed class AttentionBlock : Module
{
    /// <summary>Added to the score of an element that is not there: its weight is zero in single precision.</summary>
    private const double Absent = -1e9;

    private readonly int _heads;
    private readonly LayerNorm _first, _second;
    private readonly Linear _projections, _mixing;
    private readonly Sequential _network;

    public AttentionBlock(EmbeddingOptions options, Construction construction)
    {
        var width = options.HiddenSize;
        _heads = options.Heads;
        _first = Child("norm1", new LayerNorm(width));
        _projections = Child("projections", Affine(width, 3 * width));
        _mixing = Child("mixing", Affine(width, width));
        _second = Child("norm2", new LayerNorm(width));
        _network = Child("network", new Sequential(
            Affine(width, 2 * width), new Activation(options.Activation, inPlace: true, leCun: false, construction.Mode),
            Affine(2 * width, width)));

        Linear Affine(int input, int output) => new(input, output, bias: true, leCun: false, construction.Weights);
    }

    /// <param name="hidden">(N, P, H).</param>
    /// <param name="whole">(N, P), 1 for elements that are there; null for all.</param>
    public Tensor Forward(Tensor hidden, Tensor? whole)
    {
        var (rows, count, width) = (hidden.shape[0], hidden.shape[1], hidden.shape[2]);
        var head = width / _heads;
        // To (3, N, heads, P, head).
        var projected = _projections.Forward(_first.Forward(hidden)).view(rows, count, 3, _heads, head).permute(2, 0, 3, 1, 4);
        var scores = projected[0].matmul(projected[1].transpose(-2, -1)) * Number.Of(1 / Math.Sqrt(head));
        if (whole is not null) scores = scores.Plus((whole.Complement() * Number.Of(Absent)).view(rows, 1, 1, count));
        var attended = nn.functional.softmax(scores, -1).matmul(projected[2]).transpose(1, 2).reshape(rows, count, width);
        hidden = hidden.Plus(_mixing.Forward(attended));
        return hidden.Plus(_network.Forward(_second.Forward(hidden)));
    }
}
