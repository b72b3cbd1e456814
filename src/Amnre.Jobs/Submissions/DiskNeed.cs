using System.Numerics;
using Amnre.Engine;

namespace Amnre.Jobs.Submissions;

/// <summary>Whether a store's file system can hold what a plan would put there.</summary>
public static class DiskNeed
{
    /// <param name="bytes">Of the rows of all its datasets.</param>
    /// <param name="store">Folder, which need not be there yet.</param>
    /// <exception cref="InputException">They are more than the whole file system holds.</exception>
    public static void Require(BigInteger bytes, string store)
    {
        if (FreeSpace.At(store) is { } space && bytes > space.Total)
            throw new InputException($"datasets: their rows take {ByteText.Of(bytes)}, but the file system of store '{store}' has " +
                $"{ByteText.Of(space.Total)} in all: draw fewer rows, or name a store on a larger one");
    }
}
