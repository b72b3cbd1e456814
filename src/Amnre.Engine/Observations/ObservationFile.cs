using Amnre.Engine.Simulators;

namespace Amnre.Engine.Observations;

/// <summary>Measured observations, in whichever common form they come: <c>.csv</c> or <c>.txt</c>, <c>.npy</c>, <c>.npz</c>, <c>.json</c>,
/// <c>.h5</c>.</summary>
internal static class ObservationFile
{
    /// <summary>Values read at once.</summary>
    private const int Piece = 1 << 16;

    /// <summary>The observations of a file, checked against a simulator's shape.</summary>
    /// <param name="path">The file.</param>
    /// <param name="key">Which array, where the file holds several; null for <c>x</c>, or the only one.</param>
    /// <param name="simulator">Whose observations they are.</param>
    /// <param name="missing">Whether values may be missing, NaN.</param>
    /// <returns>(count, observation size), as measured.</returns>
    /// <exception cref="InputException">Missing, damaged, of another shape, or not finite.</exception>
    public static (float[] X, int Count) Read(string path, string? key, ISimulator simulator, bool missing = false)
    {
        var array = Read(path, key, missing);
        if (ObservationShape.Observations(array.Shape, simulator.ObservationShape) is not { } count)
            throw new InputException($"observations '{path}' are not of {SimulatorReference.Plain(simulator.Name)}: " +
                $"{ObservationShape.Error(array.Shape, simulator.ObservationShape)}");
        return count > 0 ? (array.Values, count) : throw new InputException($"'{path}' holds no observation: give at least one");
    }

    /// <inheritdoc cref="Read(string, string?, ISimulator, bool)"/>
    /// <returns>The numbers, in whichever shape the file gives them.</returns>
    public static NumericArray Read(string path, string? key, bool missing = false)
    {
        try
        {
            using var source = ArraySource.Open(path, path, ArraySource.FormOf(path), key, missing);
            source.RequireWhole();
            var values = new float[NumericArray.Count(source.Shape)];
            if (values.Length == 0) return new NumericArray(source.Shape, values);
            var row = values.Length / Math.Max(1, (int)source.Shape.FirstOrDefault(1));
            var some = new double[Math.Max(1, Piece / row) * row];
            for (var done = 0; done < values.Length; done += some.Length)
            {
                var part = some.AsSpan(0, Math.Min(some.Length, values.Length - done));
                source.Read(part);
                for (var i = 0; i < part.Length; i++)
                {
                    values[done + i] = (float)part[i];
                    if (!NumericArray.Takes(part[i], missing)) throw NumericArray.Refusal(part[i], $"'{path}': value {done + i}");
                }
            }

            return new NumericArray(source.Shape, values);
        }
        catch (InputException refused)
        {
            throw new InputException($"observations {refused.Message}", refused);
        }
    }

    /// <summary>Whether a file that holds arrays by name has one of that name; false for files of one array, and for those that cannot be
    /// read.</summary>
    public static bool Has(string path, string key)
    {
        try
        {
            using var source = ArraySource.Open(path, path, ArraySource.FormOf(path), key);
            return true;
        }
        catch (InputException)
        {
            return false;
        }
    }
}
