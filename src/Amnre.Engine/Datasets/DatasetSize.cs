using System.Numerics;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Datasets;

/// <summary>What rows take on disk.</summary>
public static class DatasetSize
{
    /// <summary>More than this no file system holds in a file, so that settings that ask for it are a slip.</summary>
    private static readonly BigInteger MaxBytes = (BigInteger)1 << 60;

    /// <summary>Bytes of theta and x as float32, uncompressed.</summary>
    public static BigInteger Bytes(ISimulator simulator, long rows) =>
        (BigInteger)rows * sizeof(float) * ((long)simulator.ThetaSize + simulator.ObservationSize);

    /// <summary>A sentence on rows that no disk holds; null for others.</summary>
    internal static string? Error(ISimulator simulator, long rows) =>
        Bytes(simulator, rows) is var bytes && bytes > MaxBytes
        ? $"{rows} rows of {simulator.PlainName} take {ByteText.Of(bytes)}: draw fewer"
        : null;

    /// <summary>Refuses rows that the disk has no room for, before anything is written.</summary>
    /// <param name="path">Of the file to write.</param>
    /// <exception cref="IOException">They do not fit.</exception>
    public static void Require(ISimulator simulator, long rows, string path)
    {
        if (FreeSpace.At(path) is not { } space || Bytes(simulator, rows) is var bytes && bytes <= space.Free) return;
        throw new IOException($"{rows} rows of {simulator.PlainName} take {ByteText.Of(bytes)}, and its file system has " +
            $"{ByteText.Of(space.Free)} free of {ByteText.Of(space.Total)}");
    }
}
