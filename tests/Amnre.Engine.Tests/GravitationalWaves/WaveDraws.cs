using Amnre.Engine.GravitationalWaves;
using Amnre.Engine.Waveforms;

namespace Amnre.Engine.Tests.GravitationalWaves;

/// <summary>Binaries to compare two ways of simulating by.</summary>
internal static class WaveDraws
{
    /// <summary>(rows, 15) of the prior.</summary>
    public static float[] Prior(int rows)
    {
        var theta = new float[rows * BinaryParameters.Count];
        WaveRows.Draw(20, 0, theta);
        return theta;
    }

    /// <summary>The parameters of rows.</summary>
    public static IEnumerable<BinaryParameters> Of(float[] theta) =>
        theta.Chunk(BinaryParameters.Count).Select(row => BinaryParameters.Of(row.AsSpan()));

    /// <summary>Ends of the prior: equal and extreme masses, no, aligned, opposed and in-plane spins, face-on and edge-on.</summary>
    public static IEnumerable<BinaryParameters> Corners() =>
        from masses in new[] { (10.0, 10.0), (80, 80), (80, 10), (30, 29.999999) }
        from spin in new[] { 0, 0.88 }
        from tilt in new[] { 0, Math.PI / 2, Math.PI }
        from inclination in new[] { 0, Math.PI / 2, Math.PI }
        select new BinaryParameters(masses.Item1, masses.Item2, 1.1, 0.1, 500, spin, 0.5 * spin, tilt, tilt, 0.4, 5.1, inclination, 0.7,
            3.3, -1.2);
}
