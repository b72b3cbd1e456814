using System.Runtime.Intrinsics;

namespace Amnre.Engine.BenchmarkTasks;

/// <summary>Two differential equations, of four rows at once.</summary>
internal interface IPairOde
{
    /// <summary>Derivatives of the two values.</summary>
    void Rates(Vector256<double> a, Vector256<double> b, out Vector256<double> da, out Vector256<double> db);

    /// <summary>The fastest rate at which a value changes, per unit of time: steps are a part of its inverse.</summary>
    Vector256<double> Fastest(Vector256<double> a, Vector256<double> b);
}

/// <summary>The classical method of Runge and Kutta of order 4. The step of a row follows its own rates alone, so that its bytes do not
/// depend on its neighbours.</summary>
internal static class PairOde
{
    /// <summary>Length of a step times the fastest rate, the longest and the shortest step. With these, logarithms of populations err by
    /// less than 1e-5 wherever the prior has its mass.</summary>
    private const double Part = 0.1, Longest = 0.1, Shortest = 1e-4;

    /// <summary>Values at times 0, <paramref name="spacing"/>, 2·<paramref name="spacing"/> and so on.</summary>
    /// <param name="first">Receives the first value at each time; holds its start at 0.</param>
    /// <param name="second">Receives the second likewise.</param>
    public static void Solve<TOde>(TOde ode, double spacing, Span<Vector256<double>> first, Span<Vector256<double>> second)
        where TOde : struct, IPairOde
    {
        var (a, b) = (first[0], second[0]);
        for (var time = 1; time < first.Length; time++)
        {
            var left = Vector256.Create(spacing);
            while (Vector256.GreaterThanAny(left, Vector256<double>.Zero))
            {
                var step = Vector256.Min(Vector256.Create(Longest), Vector256.Create(Part) / ode.Fastest(a, b));
                step = Vector256.Min(Vector256.Max(step, Vector256.Create(Shortest)), left);
                left -= step;
                Step(ode, step, ref a, ref b);
            }

            (first[time], second[time]) = (a, b);
        }
    }

    /// <summary>A step of length 0 changes nothing.</summary>
    private static void Step<TOde>(TOde ode, Vector256<double> step, ref Vector256<double> a, ref Vector256<double> b)
        where TOde : struct, IPairOde
    {
        var half = step * 0.5;
        ode.Rates(a, b, out var a1, out var b1);
        ode.Rates(Vector256.FusedMultiplyAdd(half, a1, a), Vector256.FusedMultiplyAdd(half, b1, b), out var a2, out var b2);
        ode.Rates(Vector256.FusedMultiplyAdd(half, a2, a), Vector256.FusedMultiplyAdd(half, b2, b), out var a3, out var b3);
        ode.Rates(Vector256.FusedMultiplyAdd(step, a3, a), Vector256.FusedMultiplyAdd(step, b3, b), out var a4, out var b4);
        var sixth = step * (1.0 / 6);
        a = Vector256.FusedMultiplyAdd(sixth, a1 + 2 * (a2 + a3) + a4, a);
        b = Vector256.FusedMultiplyAdd(sixth, b1 + 2 * (b2 + b3) + b4, b);
    }
}
