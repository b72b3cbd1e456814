using Amnre.Engine.Masks;
using Amnre.Engine.Posteriors;

namespace Amnre.Engine.ChainRule;

/// <summary>The posterior of some parameters given values of others, p(θ_A | θ_B, x) ∝ p(θ_A∪B | x), seen as an estimator of the others'
/// subsets. Its densities are those of the unions, divided by the estimate of p(θ_B | x) where there is one and that is asked for; else
/// they are not normalised, but by the same factor for each A.</summary>
internal sealed class ConditionalPosterior : IMarginalPosterior
{
    private readonly IMarginalPosterior _joint;
    private readonly ParameterMask _given;
    private readonly float[] _values;
    private readonly bool _divided;

    /// <param name="joint">Not disposed of here.</param>
    /// <param name="given">B.</param>
    /// <param name="values">θ_B, |B| values.</param>
    /// <param name="divided">Divide by p(θ_B | x) where the estimator knows it.</param>
    public ConditionalPosterior(IMarginalPosterior joint, ParameterMask given, float[] values, bool divided)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, given.Count);
        (_joint, _given, _values, _divided) = (joint, given, values, divided && joint.Covers(given));
    }

    /// <summary>The estimator of all parameters together.</summary>
    public IMarginalPosterior Joint => _joint;

    public bool HasFreeFactor => _joint.HasFreeFactor;

    public bool Covers(ParameterMask mask) => (mask.Bits & _given.Bits) == 0 && mask.Size == _given.Size && _joint.Covers(With(mask));

    public void LogDensity(ParameterMask mask, ReadOnlySpan<float> x, ReadOnlySpan<float> theta, Span<float> result)
    {
        var union = With(mask);
        var (rows, width) = (theta.Length / mask.Count, union.Count);
        var whole = new float[rows * width];
        int own = 0, given = 0, place = 0;
        foreach (var parameter in union.Indices())
        {
            if (_given[parameter])
            {
                for (var row = 0; row < rows; row++) whole[row * width + place] = _values[given];
                given++;
            }
            else
            {
                for (var row = 0; row < rows; row++) whole[row * width + place] = theta[row * mask.Count + own];
                own++;
            }

            place++;
        }

        _joint.LogDensity(union, x, whole, result);
        if (!_divided) return;
        var evidence = new float[result.Length / rows];
        _joint.LogDensity(_given, x, _values, evidence);
        for (var i = 0; i < result.Length; i++) result[i] -= evidence[i / rows];
    }

    public void Dispose()
    {
    }

    private ParameterMask With(ParameterMask mask) => new(mask.Bits | _given.Bits, mask.Size);
}
