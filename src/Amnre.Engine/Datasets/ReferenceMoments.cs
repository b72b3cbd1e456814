using Amnre.Engine.Rows;
using Amnre.Engine.SampleFiles;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Datasets;

/// <summary>Moments copied from another file, so that all datasets of a study are standardised alike.</summary>
internal static class ReferenceMoments
{
    /// <exception cref="InputException">No such file, one without moments, or of other observations.</exception>
    public static ObservationMoments Of(string path, ISimulator simulator)
    {
        using var file = SampleFile.Open(path);
        if (!file.ObservationShape.SequenceEqual(simulator.ObservationShape))
            throw new InputException(
                $"reference '{path}' has observations of shape ({string.Join(", ", file.ObservationShape)}), but " +
                    $"{simulator.PlainName} has " +
                    $"({string.Join(", ", simulator.ObservationShape)}): give a file of {simulator.PlainName}");
        return file.Moments
            ?? throw new InputException($"reference '{path}' has no 'mu' and 'sigma': make it with -moments");
    }
}
