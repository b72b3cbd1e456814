using Amnre.Engine.Networks;
using static TorchSharp.torch;

namespace Amnre.Engine.Embeddings;

/// <summary>An observation as P elements, or positions, of F values each.</summary>
/// <param name="shape">Of one observation.</param>
/// <param name="axis">Along which elements lie.</param>
internal sealed class Elements(IReadOnlyList<int> shape, int axis)
{
    private readonly long[] _shape = [.. shape.Select(length => (long)length)];

    public int Count => shape[axis];

    /// <summary>F.</summary>
    public int Size => shape.Where((_, at) => at != axis).Aggregate(1, (product, length) => product * length);

    /// <param name="x">(N, observation size).</param>
    /// <returns>(N, P, F).</returns>
    public Tensor Of(Tensor x) => x.view([x.shape[0], .. _shape]).movedim([axis + 1], [1]).reshape(x.shape[0], Count, Size);

    /// <summary>Which elements have all their values.</summary>
    /// <param name="present">(N, observation size), 1 or 0; null for all.</param>
    /// <param name="like">Gives type and device.</param>
    /// <returns>(N, P), 1 or 0.</returns>
    public Tensor Whole(Tensor? present, Tensor like) =>
        present is null ? like.new_ones(like.shape[0], Count) : Of(present).amin([2]);

    /// <summary>The mean over elements that are there, and the part of all that are: (N, H + 1).</summary>
    /// <param name="hidden">(N, P, H).</param>
    /// <param name="whole">(N, P).</param>
    public static Tensor Mean(Tensor hidden, Tensor whole)
    {
        var sum = (hidden * whole.unsqueeze(2)).sum(dim: 1);
        var count = whole.sum(1, keepdim: true);
        return cat([sum / count.clamp(min: Number.Of(1)), count / Number.Of(whole.shape[1])], 1);
    }
}
