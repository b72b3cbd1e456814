using static TorchSharp.torch;

namespace Amnre.Engine.Masks;

/// <summary>Masks as tensors of zeros and ones.</summary>
internal static class MaskTensor
{
    /// <summary>(n, <paramref name="size"/>), float32, on the CPU.</summary>
    public static Tensor Of(ReadOnlySpan<uint> masks, int size)
    {
        var values = new float[masks.Length * size];
        for (int i = 0, at = 0; i < masks.Length; i++)
            for (var p = 0; p < size; p++)
                values[at++] = masks[i] >> p & 1;
        return tensor(values, masks.Length, size);
    }

    /// <summary>Puts the values of a subset in their places among all parameters, zeros elsewhere.</summary>
    /// <param name="theta">(N, |b|).</param>
    /// <returns>(N, D).</returns>
    public static Tensor Scatter(ParameterMask mask, Tensor theta)
    {
        var places = tensor([.. mask.Indices().Select(index => (long)index)], device: theta.device);
        return zeros(theta.shape[0], mask.Size, theta.dtype, theta.device).index_copy_(1, places, theta);
    }

    /// <summary>(<c>Size</c>), bool.</summary>
    public static Tensor Of(ParameterMask mask) => tensor([.. Enumerable.Range(0, mask.Size).Select(i => mask[i])]);
}
