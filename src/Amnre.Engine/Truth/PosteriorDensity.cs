using Amnre.Engine.Masks;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Truth;

/// <summary>The posterior of one observation over all parameters, in coordinates that are logarithms of those parameters whose prior is
/// declared so.</summary>
internal sealed class PosteriorDensity
{
    private readonly ITractableSimulator _simulator;
    private readonly ParameterMask _full;
    private readonly float[] _x;
    private readonly bool[] _isLogarithmic;

    public PosteriorDensity(ITractableSimulator simulator, ReadOnlySpan<float> x)
    {
        (_simulator, _full, _x) = (simulator, ParameterMask.Full(simulator.ThetaSize), x.ToArray());
        _isLogarithmic = [.. Enumerable.Range(0, Size).Select(simulator.IsLogarithmic)];
    }

    /// <summary>Number of parameters, D.</summary>
    public int Size => _full.Size;

    public double Coordinate(int parameter, float theta) => _isLogarithmic[parameter] ? Math.Log(theta) : theta;

    /// <summary>Parameters in single precision, as draws are kept and likelihoods take them.</summary>
    public float Theta(int parameter, double coordinate) => (float)(_isLogarithmic[parameter] ? Math.Exp(coordinate) : coordinate);

    /// <summary>ln of the prior's density in these coordinates, −∞ outside its support.</summary>
    /// <param name="theta">One row.</param>
    /// <param name="coordinates">The same row's coordinates.</param>
    public double LogPrior(ReadOnlySpan<float> theta, ReadOnlySpan<double> coordinates)
    {
        var sum = _simulator.LogPrior(_full, theta);
        for (var i = 0; i < coordinates.Length; i++)
            if (_isLogarithmic[i]) sum += coordinates[i];
        return double.IsNaN(sum) ? double.NegativeInfinity : sum;
    }

    /// <summary>ln of the likelihood of each row; what is not a number counts as −∞.</summary>
    /// <param name="theta">(n, D), within the prior's support.</param>
    /// <param name="result">Receives n values.</param>
    /// <exception cref="InputException">A likelihood is infinite.</exception>
    public void LogLikelihoods(ReadOnlySpan<float> theta, Span<double> result)
    {
        if (_simulator is IBatchLikelihood batch) batch.LogLikelihoods(theta, _x, result);
        else
            for (var row = 0; row < result.Length; row++)
                result[row] = _simulator.LogLikelihood(theta.Slice(row * Size, Size), _x);
        foreach (ref var value in result)
        {
            if (double.IsPositiveInfinity(value))
                throw new InputException(
                    $"simulator {_simulator.PlainName} has an infinite likelihood: bound it, as by a smallest deviation");
            if (double.IsNaN(value)) value = double.NegativeInfinity;
        }
    }

    /// <summary>Parameters drawn from the prior.</summary>
    public void DrawPrior(ulong seed, long firstRow, Span<float> theta) => _simulator.DrawPrior(seed, firstRow, theta);
}
