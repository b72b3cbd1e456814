using System.Runtime.Intrinsics;
using Amnre.Engine.Randomness;

namespace Amnre.Engine.Distributions;

/// <summary>The prior of one parameter, on a bounded support [Low, High).</summary>
public abstract class Marginal
{
    /// <summary>Least and largest shape of a gamma or beta prior.</summary>
    internal const double MinShape = 0.5, MaxShape = 10_000;

    private protected Marginal(float low, float high)
    {
        if (!(float.IsFinite(low) && float.IsFinite(high) && low < high))
            throw new InputException($"a prior from {low} to {high} has no width: give finite bounds, the lower one first");
        (Low, High) = (low, high);
    }

    /// <summary>Lower bound of the support (inclusive).</summary>
    public float Low { get; }

    /// <summary>Upper bound of the support (exclusive).</summary>
    public float High { get; }

    /// <summary>Whether it is declared in the logarithm: log-uniform or log-normal.</summary>
    internal virtual bool IsLogarithmic => false;

    /// <summary>Uniform on [low, high).</summary>
    public static Marginal Uniform(float low, float high) => new UniformMarginal(low, high);

    /// <summary>Normal, cut off at five standard deviations (one draw in two million), so that grids have bounds.</summary>
    public static Marginal Normal(float mean, float deviation) => new NormalMarginal(mean, deviation);

    /// <summary>Uniform in ln theta on [low, high), low above 0.</summary>
    public static Marginal LogUniform(float low, float high) => new LogUniformMarginal(low, high);

    /// <summary>ln theta normal with this mean and deviation, cut off at five deviations as <see cref="Normal"/> is.</summary>
    /// <param name="mean">Of ln theta.</param>
    /// <param name="deviation">Of ln theta, above 0.</param>
    /// <exception cref="InputException">No such distribution.</exception>
    public static Marginal LogNormal(double mean, double deviation) => LogNormalMarginal.Of(mean, deviation);

    /// <summary>Gamma with mean shape/rate; the 2.9e-7 of its mass farthest out, and below shape 1 nearest to 0, are cut off.</summary>
    /// <param name="shape">From 0.5 to 10 000.</param>
    /// <param name="rate">Above 0: the inverse of the scale.</param>
    /// <exception cref="InputException">No such distribution.</exception>
    public static Marginal Gamma(double shape, double rate) => GammaMarginal.Of(shape, rate);

    /// <summary>Beta on [0, 1), density in proportion to θ^(a−1) (1 − θ)^(b−1).</summary>
    /// <param name="a">From 0.5 to 10 000.</param>
    /// <param name="b">From 0.5 to 10 000.</param>
    /// <exception cref="InputException">No such distribution.</exception>
    public static Marginal Beta(double a, double b) => BetaMarginal.Of(a, b);

    /// <summary>A normal between bounds, which may be infinite; where they are wider, cut off at five deviations from the mean.</summary>
    /// <param name="mean">Of the whole normal; may lie outside the bounds.</param>
    /// <param name="deviation">Of the whole normal.</param>
    /// <param name="low">Lower bound.</param>
    /// <param name="high">Upper bound.</param>
    /// <exception cref="InputException">No such distribution, or one without mass between the bounds.</exception>
    public static Marginal TruncatedNormal(double mean, double deviation, double low, double high) =>
        TruncatedNormalMarginal.Of(mean, deviation, low, high);

    /// <summary>The absolute value of a normal of mean 0, cut off at five deviations.</summary>
    /// <param name="deviation">Of that normal.</param>
    /// <exception cref="InputException">The deviation is not above 0.</exception>
    public static Marginal HalfNormal(double deviation) => TruncatedNormalMarginal.Of(0, deviation, 0, double.PositiveInfinity);

    /// <summary>A density given at points and linear between them, 0 outside; divided by its integral.</summary>
    /// <param name="values">Ascending.</param>
    /// <param name="densities">One for each value, 0 or more.</param>
    /// <exception cref="InputException">No such distribution.</exception>
    public static Marginal Table(IReadOnlyList<double> values, IReadOnlyList<double> densities) => TableMarginal.Of(values, densities);

    /// <summary>Density in proportion to sin θ on [low, high), within 0 and π: the polar angle of a direction without preference.</summary>
    /// <exception cref="InputException">The bounds are not within 0 and π, or not in order.</exception>
    public static Marginal Sine(float low, float high) => low >= 0 && high <= MathF.PI
        ? new SineMarginal(low, high)
        : throw new InputException($"a sine prior from {low} to {high} has no density beyond 0 and π: give bounds between them");

    /// <summary>Density in proportion to cos θ on [low, high), within −π/2 and π/2: the latitude of a direction without
    /// preference.</summary>
    /// <exception cref="InputException">The bounds are not within −π/2 and π/2, or not in order.</exception>
    public static Marginal Cosine(float low, float high) => low >= -MathF.PI / 2 && high <= MathF.PI / 2
        ? new CosineMarginal(low, high)
        : throw new InputException($"a cosine prior from {low} to {high} has no density beyond −π/2 and π/2: give bounds between them");

    /// <summary>One draw, the same bits on every machine.</summary>
    public float Draw(ref CounterRandom random)
    {
        // Rounding may reach the excluded bound.
        var value = Next(ref random);
        return value < Low ? Low : value < High ? value : float.BitDecrement(High);
    }

    /// <summary>ln of the density; −∞ outside the support.</summary>
    public double LogDensity(float value) => value >= Low && value < High ? LogInside(value) : double.NegativeInfinity;

    private protected abstract float Next(ref CounterRandom random);

    private protected abstract double LogInside(float value);

    private sealed class UniformMarginal(float low, float high) : Marginal(low, high)
    {
        private readonly double _log = -Math.Log((double)high - low);

        private protected override float Next(ref CounterRandom random) => MathF.FusedMultiplyAdd(random.NextSingle(), High - Low, Low);

        private protected override double LogInside(float value) => _log;
    }

    private sealed class NormalMarginal(float mean, float deviation) : Marginal(mean - Cut * deviation, mean + Cut * deviation)
    {
        private const float Cut = 5;

        /// <summary>P(|z| &lt; 5).</summary>
        private const double Mass = 0.99999942669685624;

        private readonly double _log = -Math.Log(deviation * Math.Sqrt(2 * Math.PI) * Mass);

        private protected override float Next(ref CounterRandom random)
        {
            while (true)
            {
                NormalPair.From(Vector256.Create(random.NextUInt32()), Vector256.Create(random.NextUInt32()), out var z, out _);
                if (Math.Abs(z[0]) < Cut) return MathF.FusedMultiplyAdd(deviation, z[0], mean);
            }
        }

        private protected override double LogInside(float value)
        {
            var z = ((double)value - mean) / deviation;
            return _log - 0.5 * z * z;
        }
    }

    private sealed class LogUniformMarginal : Marginal
    {
        private readonly float _start, _width;
        private readonly double _log;

        internal override bool IsLogarithmic => true;

        public LogUniformMarginal(float low, float high) : base(low, high)
        {
            if (!(low > 0)) throw new InputException($"a log-uniform prior cannot start at {low}: give a lower bound above 0");
            (_start, _width) = ((float)Math.Log(low), (float)Math.Log((double)high / low));
            _log = -Math.Log(Math.Log((double)high / low));
        }

        private protected override float Next(ref CounterRandom random) =>
            ReproducibleMath.Exp(Vector256.Create(MathF.FusedMultiplyAdd(random.NextSingle(), _width, _start)))[0];

        private protected override double LogInside(float value) => _log - Math.Log(value);
    }

    private sealed class SineMarginal(float low, float high) : Marginal(low, high)
    {
        private readonly double _log = -Math.Log(Math.Cos(low) - Math.Cos(high));

        private protected override float Next(ref CounterRandom random) =>
            (float)PolarAngle(Math.Cos(Low), Math.Cos(High), random.NextDouble());

        private protected override double LogInside(float value) => Math.Log(Math.Max(0, Math.Sin(value))) + _log;
    }

    private sealed class CosineMarginal(float low, float high) : Marginal(low, high)
    {
        private readonly double _log = -Math.Log(Math.Sin(high) - Math.Sin(low));

        private protected override float Next(ref CounterRandom random) =>
            (float)(PolarAngle(-Math.Sin(Low), -Math.Sin(High), random.NextDouble()) - Math.PI / 2);

        private protected override double LogInside(float value) => Math.Log(Math.Max(0, Math.Cos(value))) + _log;
    }

    /// <summary>The angle whose cosine lies at <paramref name="part"/> of the way from one cosine to another.</summary>
    private static double PolarAngle(double from, double to, double part)
    {
        var cosine = Math.FusedMultiplyAdd(to - from, part, from);
        // arccos c = 2 arctan √((1 − c)/(1 + c)), the same bits on every machine.
        return 2 * ReproducibleMath.Atan(Vector256.Create(Math.Sqrt((1 - cosine) / (1 + cosine))))[0];
    }
}
