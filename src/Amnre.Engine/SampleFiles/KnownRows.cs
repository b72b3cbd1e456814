namespace Amnre.Engine.SampleFiles;

/// <summary>Whether a model is judged by rows that it was trained on.</summary>
internal static class KnownRows
{
    /// <summary>Rows of the training dataset read at once.</summary>
    private const int Piece = 1 << 16;

    /// <summary>How many rows have the very parameters of a row of the training dataset: continuous ones meet in no other way.</summary>
    /// <param name="trained">The training dataset; one that is no longer there, or cannot be read, tells nothing.</param>
    /// <param name="theta">(rows, size), row-major.</param>
    /// <param name="size">Parameters of a row.</param>
    public static int Of(string trained, float[] theta, int size)
    {
        try
        {
            if (!PlainFile.Exists(trained)) return 0;
            using var samples = SampleSet.Open(trained);
            return samples.ThetaSize == size ? Count(samples, theta, size) : 0;
        }
        catch (Exception unreadable) when (unreadable is InputException or IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    private static int Count(SampleSet samples, float[] theta, int size)
    {
        var byFirst = Enumerable.Range(0, theta.Length / size).ToLookup(row => theta[row * size]);
        var known = new HashSet<int>();
        for (long first = 0; first < samples.Rows; first += Piece)
        {
            var part = new float[Math.Min(Piece, samples.Rows - first) * size];
            samples.Read(first, part, []);
            for (var at = 0; at < part.Length; at += size)
            {
                foreach (var row in byFirst[part[at]])
                    if (theta.AsSpan(row * size, size).SequenceEqual(part.AsSpan(at, size))) known.Add(row);
            }
        }

        return known.Count;
    }
}
