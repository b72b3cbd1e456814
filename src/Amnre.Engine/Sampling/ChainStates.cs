namespace Amnre.Engine.Sampling;

/// <summary>Counts what the states of an ensemble of chains are worth, without keeping them.</summary>
internal sealed class ChainStates(int chains, int size)
{
    private readonly double[] _sums = new double[chains * size];
    private readonly double[] _squares = new double[size];

    /// <summary>Values near the states': squares of differences from it are exact where those of the values are not.</summary>
    private float[]? _origin;

    private long _steps;

    /// <param name="theta">(chains, size), after one step.</param>
    public void Add(ReadOnlySpan<float> theta)
    {
        _origin ??= theta[..size].ToArray();
        _steps++;
        for (var at = 0; at < theta.Length; at++)
        {
            var value = (double)theta[at] - _origin[at % size];
            _sums[at] += value;
            _squares[at % size] += value * value;
        }
    }

    /// <summary>Independent draws that the mean of the parameter known worst is worth: the variance of a state over the variance of the
    /// mean, which the means of the chains show, each independent of the others.</summary>
    /// <param name="started">Independent draws that the chains were started from. Chains whose states are worth less than two draws each
    /// have not left their starts, and are worth no more than these.</param>
    public double EffectiveSize(double started)
    {
        if (_steps == 0) return 0;
        var worth = Enumerable.Range(0, size).Min(Of);
        return worth < 2.0 * chains ? Math.Min(worth, started) : worth;
    }

    private double Of(int parameter)
    {
        double[] means = [.. Enumerable.Range(0, chains).Select(chain => _sums[chain * size + parameter] / _steps)];
        var grand = means.Average();
        var variance = _squares[parameter] / (_steps * (double)chains) - grand * grand;
        var between = means.Sum(mean => (mean - grand) * (mean - grand)) / (chains - 1);
        var states = _steps * (double)chains;
        return variance > 0 && between > 0 ? Math.Min(states, chains * variance / between) : states;
    }
}
