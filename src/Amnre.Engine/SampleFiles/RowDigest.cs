using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Amnre.Engine.SampleFiles;

/// <summary>SHA-256 of theta and of x as they go by, chunk after chunk; chunk sizes do not show.</summary>
internal sealed class RowDigest : IDisposable
{
    private readonly IncrementalHash _theta = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly IncrementalHash _x = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public void Add(ReadOnlySpan<float> theta, ReadOnlySpan<float> x)
    {
        _theta.AppendData(MemoryMarshal.AsBytes(theta));
        _x.AppendData(MemoryMarshal.AsBytes(x));
    }

    /// <summary>As <see cref="Add"/>, beside the caller's own work on the same rows.</summary>
    public Task AddAsync(ReadOnlyMemory<float> theta, ReadOnlyMemory<float> x) => Task.WhenAll(
        Task.Run(() => _theta.AppendData(MemoryMarshal.AsBytes(theta.Span))), Task.Run(() => _x.AppendData(MemoryMarshal.AsBytes(x.Span))));

    /// <summary>The two digests; then resets.</summary>
    public (byte[] Theta, byte[] X) Take() => (_theta.GetHashAndReset(), _x.GetHashAndReset());

    public void Dispose()
    {
        _theta.Dispose();
        _x.Dispose();
    }
}
