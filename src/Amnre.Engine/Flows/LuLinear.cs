using Amnre.Engine.Networks;
using static TorchSharp.torch;

namespace Amnre.Engine.Flows;

/// <summary>z = L U theta + b with L unit lower and U upper triangular, starting as the identity.
/// Kingma, Dhariwal: Glow (NeurIPS 2018), §3.2.</summary>
internal sealed class LuLinear : Module, IFlowTransform
{
    /// <summary>Least diagonal entry of U.</summary>
    private const double Floor = 1e-3;

    private readonly int _size;
    private readonly TensorSlot _bias, _lower, _upper, _diagonal;

    public LuLinear(int size)
    {
        _size = size;
        var entries = size * (size - 1) / 2;
        _bias = Parameter("bias", zeros(size));
        _lower = Parameter("lower_entries", zeros(entries));
        _upper = Parameter("upper_entries", zeros(entries));
        // softplus⁻¹(1 − Floor), so that the diagonal starts at 1.
        _diagonal = Parameter("unconstrained_upper_diag", full(size, Number.Of((float)Math.Log(Math.Exp(1 - Floor) - 1))));
    }

    public (Tensor Outputs, Tensor LogDeterminant) Forward(Tensor inputs, Tensor context)
    {
        var diagonal = Diagonal();
        var outputs = nn.functional.linear(nn.functional.linear(inputs, Upper(diagonal)), Lower(), _bias.Value);
        return (outputs, diagonal.log().sum().expand(inputs.shape[0]));
    }

    public (Tensor Outputs, Tensor LogDeterminant) Inverse(Tensor inputs, Tensor context)
    {
        var diagonal = Diagonal();
        var columns = (inputs - _bias.Value).t();
        var solved = linalg.solve_triangular(Lower(), columns, upper: false, unitriangular: true);
        solved = linalg.solve_triangular(Upper(diagonal), solved, upper: true);
        return (solved.t(), -diagonal.log().sum().expand(inputs.shape[0]));
    }

    private Tensor Diagonal() => Softplus.Of(_diagonal.Value).Plus(Number.Of(Floor));

    private Tensor Lower() =>
        eye(_size, dtype: _lower.Value.dtype, device: _lower.Value.device).Plus(Fill(_lower.Value, (row, column) => row > column));

    private Tensor Upper(Tensor diagonal) => diag(diagonal).Plus(Fill(_upper.Value, (row, column) => row < column));

    /// <summary>Spreads the entries, row by row, over the places that <paramref name="belongs"/>.</summary>
    private Tensor Fill(Tensor entries, Func<int, int, bool> belongs)
    {
        var places = new List<long>();
        for (var row = 0; row < _size; row++)
            for (var column = 0; column < _size; column++)
                if (belongs(row, column)) places.Add(row * _size + column);
        var flat = entries.new_zeros(_size * _size);
        return flat.scatter(0, tensor(places.ToArray(), device: entries.device), entries).view(_size, _size);
    }
}
