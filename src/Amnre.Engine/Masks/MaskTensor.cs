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
        using var places = Places(mask, theta.device);
        return zeros(theta.shape[0], mask.Size, theta.dtype, theta.device).index_copy_(1, places, theta);
    }

    /// <summary>The values of a subset.</summary>
    /// <param name="theta">(N, D).</param>
    /// <returns>(N, |b|).</returns>
    public static Tensor Gather(ParameterMask mask, Tensor theta)
    {
        using var places = Places(mask, theta.device);
        return theta.index_select(1, places);
    }

    /// <summary>(<c>Size</c>), bool.</summary>
    public static Tensor Of(ParameterMask mask) => tensor([.. Enumerable.Range(0, mask.Size).Select(i => mask[i])]);

    private static Tensor Places(ParameterMask mask, Device device) =>
        tensor([.. mask.Indices().Select(index => (long)index)], device: device);
}
