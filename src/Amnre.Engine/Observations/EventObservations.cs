using System.Security.Cryptography;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Observations;

/// <summary>Reference observations that a manifest names in a file.</summary>
/// <param name="Theta">True parameters (n, D); null where they are not known.</param>
/// <param name="X">(n, observation size).</param>
/// <param name="Count">n.</param>
/// <param name="Digest">SHA-256 of the file.</param>
internal sealed record EventObservations(float[]? Theta, float[] X, int Count, string Digest)
{
    private const string Parameters = "theta", Observed = "x";

    /// <param name="path">With an array <c>x</c>, or only that, and perhaps <c>theta</c>.</param>
    /// <param name="simulator">Whose parameters and observations.</param>
    /// <exception cref="InputException">Missing, damaged, or not of the simulator.</exception>
    public static EventObservations Read(string path, ISimulator simulator)
    {
        if (!PlainFile.Exists(path))
            throw new InputException($"events '{path}': there is no such file: put it there, or leave 'events' out");
        var (hasTheta, hasX) = (ObservationFile.Has(path, Parameters), ObservationFile.Has(path, Observed));
        var (x, count) = ObservationFile.Read(path, hasX ? Observed : null, simulator);
        var digest = Convert.ToHexStringLower(HashOf(path));
        if (!hasTheta) return new EventObservations(null, x, count, digest);
        var theta = ObservationFile.Read(path, Parameters);
        if (theta.Values.Length != (long)count * simulator.ThetaSize || theta.Shape is not [.., var size] || size != simulator.ThetaSize)
            throw new InputException($"events '{path}': 'theta' has shape ({string.Join(", ", theta.Shape)}), but {count} events of " +
                $"{simulator.ThetaSize} parameters are ({count}, {simulator.ThetaSize})");
        return new EventObservations(theta.Values, x, count, digest);
    }

    private static byte[] HashOf(string path)
    {
        using var stream = PlainFile.Open(path);
        return SHA256.HashData(stream);
    }
}
