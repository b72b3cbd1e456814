using System.Numerics.Tensors;
using Amnre.Engine.SampleFiles;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Evaluation;

/// <summary>Whether observations are like those that a model was trained on: by the distance to the nearest of some simulated ones, each
/// value in units of its deviation, compared with the same distances among these.</summary>
/// <remarks>Zhao and Saligrama, Anomaly detection with score functions based on nearest neighbor graphs (2009). It sees values that no
/// simulation has, not a model that is wrong where it was trained.</remarks>
internal sealed class Likeness
{
    /// <summary>An observation that is unlike more than all but this part of the simulations is warned of.</summary>
    public const double Least = 0.002;

    /// <summary>What is said of such an observation.</summary>
    public const string Warning = "the observation is unlike all simulations that the model was trained on";

    /// <summary>The seed of the simulations that observations are compared with.</summary>
    private const ulong Seed = 0x6c696b656e657373;

    private const int Rows = 1024, Neighbour = 3;

    private readonly float[] _reference, _mean, _inverse;
    private readonly double[] _distances;
    private readonly int _size;

    private Likeness(float[] reference, int size)
    {
        (_reference, _size) = (reference, size);
        (_mean, _inverse) = (new float[size], new float[size]);
        var rows = reference.Length / size;
        for (var k = 0; k < size; k++)
        {
            double sum = 0, squares = 0;
            for (var row = 0; row < rows; row++) sum += reference[row * size + k];
            var mean = sum / rows;
            for (var row = 0; row < rows; row++) squares += (reference[row * size + k] - mean) * (reference[row * size + k] - mean);
            // A value that never varies counts by itself: any other value is unlike it.
            var deviation = Math.Sqrt(squares / rows);
            (_mean[k], _inverse[k]) = ((float)mean, (float)(deviation > 0 ? 1 / deviation : 1));
        }

        for (var row = 0; row < rows; row++) Scale(reference.AsSpan(row * size, size));
        _distances = [.. Enumerable.Range(0, rows).Select(row => Distance(reference.AsSpan(row * size, size), row)).Order()];
    }

    /// <summary>Compares with rows of the training dataset where it is still there, else with simulations of its own.</summary>
    /// <param name="simulator">Of the model.</param>
    /// <param name="samples">The training dataset; null or missing for none.</param>
    /// <returns>Null where there is neither: a program of the user's is not started for it.</returns>
    public static Likeness? Of(ISimulator simulator, string? samples)
    {
        var size = simulator.ObservationSize;
        if (samples is not null && PlainFile.Exists(samples))
        {
            using var set = SampleSet.Open(samples);
            var rows = (int)Math.Min(Rows, set.Rows);
            if (set.ObservationSize == size && rows > 8 * Neighbour)
            {
                var (theta, stored) = (new float[rows * set.ThetaSize], new float[rows * size]);
                set.Read(0, theta, stored);
                if (stored.All(float.IsFinite)) return new Likeness(stored, size);
            }
        }

        if (simulator is IStoppableSimulator || !simulator.Draws) return null;
        var x = new float[Rows * size];
        simulator.Sample(Seed, 0, new float[Rows * simulator.ThetaSize], x);
        return x.All(float.IsFinite) ? new Likeness(x, size) : null;
    }

    /// <summary>Part of the simulated observations that lie farther from their neighbours than <paramref name="x"/>, 0 to 1.</summary>
    public double Of(ReadOnlySpan<float> x)
    {
        if (x.ToArray() is var values && values.Any(float.IsNaN)) return OfPresent(values);
        var scaled = x.ToArray();
        Scale(scaled);
        var distance = Distance(scaled, -1);
        var place = Array.BinarySearch(_distances, distance);
        return 1 - (double)(place >= 0 ? place : ~place) / _distances.Length;
    }

    /// <summary>By the values that are there, in all rows.</summary>
    private double OfPresent(float[] x)
    {
        int[] there = [.. Enumerable.Range(0, _size).Where(k => !float.IsNaN(x[k]))];
        if (there.Length == 0) return 1;
        Scale(x);
        var rows = _reference.Length / _size;
        float[] reference = [.. Enumerable.Range(0, rows).SelectMany(row => there.Select(k => _reference[row * _size + k]))];
        return new Likeness(reference, there.Length).Of([.. there.Select(k => x[k])]);
    }

    private void Scale(Span<float> x)
    {
        for (var k = 0; k < _size; k++) x[k] = (x[k] - _mean[k]) * _inverse[k];
    }

    /// <summary>To the n-th nearest of the simulated observations other than row <paramref name="self"/>.</summary>
    private double Distance(ReadOnlySpan<float> x, int self)
    {
        Span<float> nearest = stackalloc float[Neighbour];
        nearest.Fill(float.PositiveInfinity);
        for (var row = 0; row < _reference.Length / _size; row++)
        {
            if (row == self) continue;
            var distance = TensorPrimitives.Distance(x, _reference.AsSpan(row * _size, _size));
            for (var k = 0; k < Neighbour; k++)
                if (distance < nearest[k]) (nearest[k], distance) = (distance, nearest[k]);
        }

        return nearest[^1];
    }
}
