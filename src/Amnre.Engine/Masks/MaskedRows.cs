namespace Amnre.Engine.Masks;

/// <summary>The parameters of a subset out of rows of all of them.</summary>
internal static class MaskedRows
{
    /// <param name="mask">The subset b.</param>
    /// <param name="theta">(n, D), row-major.</param>
    /// <returns>(n, |b|), row-major.</returns>
    public static float[] Of(ParameterMask mask, ReadOnlySpan<float> theta)
    {
        var indices = mask.Indices();
        var part = new float[theta.Length / mask.Size * indices.Length];
        for (int row = 0, at = 0; row < theta.Length; row += mask.Size)
            foreach (var index in indices) part[at++] = theta[row + index];
        return part;
    }
}
