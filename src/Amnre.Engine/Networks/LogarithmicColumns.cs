using static TorchSharp.torch;

namespace Amnre.Engine.Networks;

/// <summary>Takes the logarithm of some columns, those of parameters whose scale is logarithmic: over decades, a network that sees the
/// values themselves cannot tell the small ones from one another.</summary>
internal sealed class LogarithmicColumns : Module
{
    /// <summary>Keeps logarithms finite where a value is left out, which is 0.</summary>
    private const double Least = 1e-37;

    private readonly TensorSlot? _columns;

    /// <param name="columns">Which ones. Where none is, nothing is stored: such models are as they ever were.</param>
    public LogarithmicColumns(IReadOnlyList<bool> columns)
    {
        if (columns.Contains(true)) _columns = Buffer("columns", tensor(columns.ToArray()));
    }

    /// <summary>Whether weights come of a model that takes logarithms.</summary>
    public static bool AreIn(IEnumerable<string> paths) => paths.Any(path => path.EndsWith("logarithms.columns", StringComparison.Ordinal));

    /// <param name="x">(N, D).</param>
    public Tensor Forward(Tensor x) =>
        _columns is { Value: var columns } ? where(columns, x.clamp_min(Number.Of(Least)).log(), x) : x;

    /// <param name="y">(N, D), as <see cref="Forward"/> gives it.</param>
    public Tensor Inverse(Tensor y) => _columns is { Value: var columns } ? where(columns, y.exp(), y) : y;

    /// <summary>log |det| of <see cref="Forward"/>, −Σ ln x over the columns, (N).</summary>
    /// <param name="y">(N, D), as <see cref="Forward"/> gives it.</param>
    public Tensor LogDeterminant(Tensor y) =>
        _columns is { Value: var columns } ? -where(columns, y, zeros_like(y)).sum(-1) : y.new_zeros(y.shape[0]);
}
