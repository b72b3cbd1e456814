namespace Amnre.Engine.Simulators;

/// <summary>The experiment on the Hodgkin–Huxley neuron: 120 ms on a grid of 0.01 ms, a step of current between 10 and
/// 110 ms. Index k stands for the time k·<see cref="Dt"/>.</summary>
internal static class CurrentStep
{
    /// <summary>Time between two points (ms).</summary>
    public const double Dt = 0.01;

    /// <summary>Points of the whole trace.</summary>
    public const int Points = 12001;

    /// <summary>First index with current; the indices before it are the rest window.</summary>
    public const int Onset = 1000;

    /// <summary>First index of the second half-window of rest, over which the spread is taken.</summary>
    public const int LateRest = 900;

    /// <summary>First index after the last with current. The stimulus window is open: Onset &lt; k &lt; End.</summary>
    public const int End = 11000;

    /// <summary>Points that the summary statistics read: a spike at End − 1 shows by the two points after it.</summary>
    public const int SummaryPoints = End + 2;

    /// <summary>5e-4 µA into a cylinder of 70 µm by 70 µm (µA/cm²).</summary>
    public const double Amplitude = 5e-4 / (Math.PI * 70e-4 * 70e-4);

    /// <summary>Current density at index <paramref name="k"/> (µA/cm²).</summary>
    public static double At(int k) => k is >= Onset and < End ? Amplitude : 0;
}
