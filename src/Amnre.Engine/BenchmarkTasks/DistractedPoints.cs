using System.Runtime.Intrinsics;
using Amnre.Engine.Distributions;
using Amnre.Engine.Randomness;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.BenchmarkTasks;

/// <summary>Points of SLCP followed by 92 values of Student's t with 2 degrees of freedom, of one of 20 components drawn for each row, all
/// in the order of <see cref="DistractorTables.Source"/>.</summary>
internal readonly struct DistractedPoints : ILaneObserver
{
    public static int ParameterCount => SlcpPoints.Size;

    public static int ObservedCount => SlcpPoints.Values + DistractorTables.Noise;

    /// <summary>After the words of the points: one for the component, one for c of χ² with 2 degrees of freedom, and two for each two
    /// normals.</summary>
    public static void Observe(ref RowWords words, ReadOnlySpan<Vector256<float>> theta, Span<Vector256<float>> x)
    {
        const int Noise = DistractorTables.Noise;
        Span<Vector256<float>> values = stackalloc Vector256<float>[SlcpPoints.Values + Noise];
        Span<Vector256<float>> normals = stackalloc Vector256<float>[Noise];
        SlcpPoints.Observe(ref words, theta, values[..SlcpPoints.Values]);
        var component = words.NextUnit() * Vector256.Create((float)DistractorTables.Components);
        var unit = Vector256.FusedMultiplyAdd(
            Vector256.ConvertToSingle((words.Next() >>> 1).AsInt32()), Vector256.Create(1f / (1u << 31)),
            Vector256.Create(0.5f / (1u << 31)));
        // c/2 of two degrees of freedom is exponential.
        var half = -Vector256.Min(ReproducibleMath.Log(unit), Vector256.Create(-1e-9f));
        for (var i = 0; i < Noise; i += 2) NormalPair.From(words.Next(), words.Next(), out normals[i], out normals[i + 1]);
        Span<double> z = stackalloc double[Noise];
        for (var lane = 0; lane < RowWords.Lanes; lane++)
        {
            var scale = 1 / Math.Sqrt(half[lane]);
            for (var i = 0; i < Noise; i++) z[i] = normals[i][lane] * scale;
            var k = Math.Min((int)component[lane], DistractorTables.Components - 1);
            for (var i = 0; i < Noise; i++)
                values[SlcpPoints.Values + i] = values[SlcpPoints.Values + i].WithElement(lane, (float)DistractorTables.Value(k, i, z));
        }

        for (var i = 0; i < x.Length; i++) x[i] = values[DistractorTables.Source[i]];
    }
}
