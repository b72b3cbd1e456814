using Amnre.Engine.Randomness;

namespace Amnre.Engine.Truth;

/// <summary>Draws that are moved from the prior to the posterior through powers of the likelihood between 0 and 1: weighed, resampled and
/// moved by Metropolis–Hastings steps at each. Del Moral, Doucet, Jasra: Sequential Monte Carlo samplers (2006).</summary>
/// <remarks>Steps are differences of draws of the other half of the population (ter Braak, A Markov chain Monte Carlo version of the
/// genetic algorithm differential evolution, 2006), which have the posterior's scales and lead from mode to mode, and steps of one
/// parameter of all sizes, for what is narrower than the rest.</remarks>
internal sealed class AnnealedPopulation
{
    /// <summary>Prior draws for each draw of the population.</summary>
    private const int PriorShare = 16;

    private readonly PosteriorDensity _density;
    private readonly int _count, _size;
    private readonly CancellationToken _stop;
    private readonly double[] _z, _logPrior, _logLikelihood, _proposed, _proposedPrior, _proposedLikelihood, _spread;
    private readonly float[] _theta, _proposedTheta, _packed;
    private readonly double[] _packedLikelihood;
    private readonly int[] _packedPlaces;
    private int[] _ancestor;
    private CounterRandom _random;

    /// <param name="density">Of one observation.</param>
    /// <param name="count">Draws; at least 16 and even.</param>
    /// <param name="seed">Names the draws.</param>
    /// <param name="index">Of the population under that seed.</param>
    /// <param name="stop">Checked at every sweep.</param>
    public AnnealedPopulation(PosteriorDensity density, int count, ulong seed, ulong index, CancellationToken stop)
    {
        (_density, _count, _size, _stop) = (density, count, density.Size, stop);
        _random = new CounterRandom(seed, RandomPurpose.AnnealedDraws, index);
        var half = count / 2;
        (_z, _theta) = (new double[count * _size], new float[count * _size]);
        (_logPrior, _logLikelihood) = (new double[count], new double[count]);
        (_proposed, _proposedTheta, _packed) = (new double[half * _size], new float[half * _size], new float[half * _size]);
        (_proposedPrior, _proposedLikelihood, _packedLikelihood) = (new double[half], new double[half], new double[half]);
        (_packedPlaces, _spread, _ancestor) = (new int[half], new double[_size], new int[count]);
        Start();
    }

    /// <summary>(count, D), row-major.</summary>
    public ReadOnlySpan<float> Theta => _theta;

    /// <summary>(count, D), in the density's coordinates.</summary>
    public ReadOnlySpan<double> Coordinates => _z;

    /// <summary>Power of the likelihood, from 0 to 1.</summary>
    public double Power { get; private set; }

    /// <summary>ln of the estimated p(x).</summary>
    public double LogEvidence { get; private set; }

    /// <summary>Of how many independent prior draws the population descends, (Σf)² / Σf².</summary>
    public double Ancestors
    {
        get
        {
            var families = _ancestor.CountBy(one => one).Sum(pair => (double)pair.Value * pair.Value);
            return (double)_count * _count / families;
        }
    }

    /// <summary>Weighs by the next power and resamples.</summary>
    public void Advance()
    {
        var power = AnnealingPower.Next(_logLikelihood, Power);
        var kept = Resampled(_logLikelihood, power - Power, _count);
        Gather(kept);
        Power = power;
    }

    /// <summary>Both halves, one step each.</summary>
    /// <returns>Share of steps taken.</returns>
    public double Sweep()
    {
        _stop.ThrowIfCancellationRequested();
        return (double)(SweepHalf(0) + SweepHalf(_count / 2)) / _count;
    }

    private void Start()
    {
        var drawn = _count * PriorShare;
        var theta = new float[drawn * _size];
        // Rows of a dataset of its own, which no seed of a user's is likely to name.
        _density.DrawPrior(_random.NextUInt64(), 0, theta);
        var likelihood = new double[drawn];
        for (var from = 0; from < drawn; from += _count)
        {
            _stop.ThrowIfCancellationRequested();
            _density.LogLikelihoods(theta.AsSpan(from * _size, _count * _size), likelihood.AsSpan(from, _count));
        }

        if (Array.TrueForAll(likelihood, double.IsNegativeInfinity))
            throw new InputException($"none of {drawn} draws from the prior has a likelihood above 0 for the observation: it is not of " +
                "this simulator, or its likelihood is 0 almost everywhere");
        var power = AnnealingPower.Next(likelihood, 0);
        var kept = Resampled(likelihood, power, _count);
        for (var i = 0; i < _count; i++)
        {
            theta.AsSpan(kept[i] * _size, _size).CopyTo(_theta.AsSpan(i * _size));
            for (var d = 0; d < _size; d++) _z[i * _size + d] = _density.Coordinate(d, _theta[i * _size + d]);
            (_logLikelihood[i], _ancestor[i]) = (likelihood[kept[i]], kept[i]);
            _logPrior[i] = _density.LogPrior(_theta.AsSpan(i * _size, _size), _z.AsSpan(i * _size, _size));
        }

        Power = power;
    }

    /// <summary>Systematic resampling by L^step, in an order that leaves halves alike.</summary>
    private int[] Resampled(double[] likelihood, double step, int count)
    {
        var most = likelihood.Max();
        var weights = Array.ConvertAll(likelihood, value => double.IsNegativeInfinity(value) ? 0 : Math.Exp(step * (value - most)));
        var total = weights.Sum();
        LogEvidence += Math.Log(total / likelihood.Length) + step * most;
        var (position, cumulated, places) = (_random.NextDouble(), 0.0, new int[count]);
        var (drawn, last) = (0, 0);
        for (var i = 0; i < weights.Length && drawn < count; i++)
        {
            cumulated += weights[i] / total * count;
            for (; drawn < count && position < cumulated; position++) places[drawn++] = last = i;
        }

        while (drawn < count) places[drawn++] = last;
        _random.Shuffle<int>(places);
        return places;
    }

    private void Gather(int[] kept)
    {
        var (z, theta) = ((double[])_z.Clone(), (float[])_theta.Clone());
        var (prior, likelihood, ancestor) = ((double[])_logPrior.Clone(), (double[])_logLikelihood.Clone(), _ancestor);
        _ancestor = new int[_count];
        for (var i = 0; i < _count; i++)
        {
            Array.Copy(z, kept[i] * _size, _z, i * _size, _size);
            Array.Copy(theta, kept[i] * _size, _theta, i * _size, _size);
            (_logPrior[i], _logLikelihood[i], _ancestor[i]) = (prior[kept[i]], likelihood[kept[i]], ancestor[kept[i]]);
        }
    }

    /// <summary>Deviations of half the population, the scale of steps of one parameter of the other half: which they do not depend
    /// on.</summary>
    private void Measure(int first)
    {
        var half = _count / 2;
        for (var d = 0; d < _size; d++)
        {
            double sum = 0, squares = 0;
            for (var i = first; i < first + half; i++) sum += _z[i * _size + d];
            for (var i = first; i < first + half; i++) squares += (_z[i * _size + d] - sum / half) * (_z[i * _size + d] - sum / half);
            _spread[d] = Math.Sqrt(squares / half);
        }
    }

    private int SweepHalf(int first)
    {
        var half = _count / 2;
        Measure(half - first);
        var packed = 0;
        for (var i = 0; i < half; i++)
        {
            var to = _proposed.AsSpan(i * _size, _size);
            Propose(_z.AsSpan((first + i) * _size, _size), half - first, to);
            var theta = _proposedTheta.AsSpan(i * _size, _size);
            for (var d = 0; d < _size; d++) theta[d] = _density.Theta(d, to[d]);
            _proposedPrior[i] = _density.LogPrior(theta, to);
            _proposedLikelihood[i] = double.NegativeInfinity;
            if (double.IsNegativeInfinity(_proposedPrior[i])) continue;
            theta.CopyTo(_packed.AsSpan(packed * _size));
            _packedPlaces[packed++] = i;
        }

        _density.LogLikelihoods(_packed.AsSpan(0, packed * _size), _packedLikelihood.AsSpan(0, packed));
        for (var k = 0; k < packed; k++) _proposedLikelihood[_packedPlaces[k]] = _packedLikelihood[k];
        var taken = 0;
        for (var i = 0; i < half; i++)
        {
            var (mine, uniform) = (first + i, 1 - _random.NextDouble());
            var rise = _proposedPrior[i] - _logPrior[mine] + Power * (_proposedLikelihood[i] - _logLikelihood[mine]);
            if (!(Math.Log(uniform) < rise)) continue;
            taken++;
            _proposed.AsSpan(i * _size, _size).CopyTo(_z.AsSpan(mine * _size));
            _proposedTheta.AsSpan(i * _size, _size).CopyTo(_theta.AsSpan(mine * _size));
            (_logPrior[mine], _logLikelihood[mine]) = (_proposedPrior[i], _proposedLikelihood[i]);
        }

        return taken;
    }

    /// <summary>A step whose chance is that of the way back.</summary>
    /// <param name="from">Where the draw is.</param>
    /// <param name="other">First draw of the other half.</param>
    /// <param name="to">Receives the proposal.</param>
    private void Propose(ReadOnlySpan<double> from, int other, Span<double> to)
    {
        from.CopyTo(to);
        var kind = _random.NextSingle();
        if (kind < 0.25f)
        {
            // One parameter, from its deviation down to a thousandth of it.
            var d = (int)_random.NextBelow((uint)_size);
            to[d] += _random.NextNormal() * _spread[d] * 2 * Math.Pow(10, -3 * _random.NextDouble());
            return;
        }

        var half = (uint)(_count / 2);
        var a = other + (int)_random.NextBelow(half);
        var b = other + (int)_random.NextBelow(half);
        // A whole difference leads from one mode to another: in all parameters, some, or one, as where the sign of one does not matter.
        var isJump = kind > 0.7f;
        var share = _random.NextBelow(3) switch { 0 => 1f, 1 => 0.5f, _ => 0f };
        var chosen = 0u;
        for (var d = 0; d < _size; d++)
            if (share == 1f || _random.NextSingle() < share) chosen |= 1u << d;
        if (chosen == 0) chosen = 1u << (int)_random.NextBelow((uint)_size);
        var gamma = isJump ? 1
            : 2.38 / Math.Sqrt(2 * System.Numerics.BitOperations.PopCount(chosen)) * Math.Pow(10, -1.5 * _random.NextDouble());
        for (var d = 0; d < _size; d++)
            if ((chosen >> d & 1) == 1)
                to[d] += gamma * (_z[a * _size + d] - _z[b * _size + d]) + (_random.NextSingle() - 0.5) * _spread[d] * 1e-4;
    }
}
