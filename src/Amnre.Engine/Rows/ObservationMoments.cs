using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Rows;

/// <summary>Mean and population standard deviation of each observed value under the joint distribution of simulator and
/// prior: <c>mu</c> and <c>sigma</c> of a samples file, by which training and evaluation standardise x.</summary>
public sealed record ObservationMoments(IReadOnlyList<float> Mu, IReadOnlyList<float> Sigma)
{
    /// <summary>Estimated from rows 0 to <paramref name="rows"/> − 1 of dataset <paramref name="seed"/>; the same bits on any
    /// number of processors.</summary>
    /// <remarks>A value that is the same in all of them, such as a count of what is rare, has a sigma of 1: other rows may
    /// differ.</remarks>
    /// <exception cref="InputException">A value is not finite, so that no row could be standardised.</exception>
    /// <exception cref="OperationCanceledException">The run was told to stop.</exception>
    public static ObservationMoments Of(ISimulator simulator, ulong seed, int rows, CancellationToken stop)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        var sum = new MomentSum(simulator.ObservationSize, rows);
        var source = new RowSource(simulator, seed, 0, NonFinitePolicy.Keep, RowSource.DefaultBatch, threads: 0);
        source.FillMoments(sum, RunContext.Unwatched(stop), _ => { });
        return sum.Result($"simulator {SimulatorReference.Plain(simulator.Name)}, seed {seed}", keepConstants: true);
    }

    /// <summary>Replaces rows of x by (x − mu) · (1/sigma), in single precision as the original does.</summary>
    /// <param name="x">(n, observation size), row-major.</param>
    internal void Standardize(Span<float> x)
    {
        var size = Mu.Count;
        Span<float> mu = size <= 1024 ? stackalloc float[size] : new float[size];
        Span<float> inverse = size <= 1024 ? stackalloc float[size] : new float[size];
        for (var i = 0; i < size; i++) (mu[i], inverse[i]) = (Mu[i], 1 / Sigma[i]);
        for (; x.Length > 0; x = x[size..])
            for (var i = 0; i < size; i++) x[i] = (x[i] - mu[i]) * inverse[i];
    }

    /// <summary>SHA-256 of mu and then sigma, float32, little-endian; in hexadecimal.</summary>
    public string Digest() => Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<float>([.. Mu, .. Sigma])));

    /// <summary>Whether two are the same numbers; the record itself would compare the lists by reference.</summary>
    public bool IsSameAs(ObservationMoments? other) => other is not null && Mu.SequenceEqual(other.Mu) && Sigma.SequenceEqual(other.Sigma);
}
