using Amnre.Engine.Hdf5Structures;

namespace Amnre.Engine.Hdf5Values;

/// <summary>An index that is an array with an element for each chunk.</summary>
internal interface IChunkArray
{
    /// <summary>Bytes of an element.</summary>
    int ElementSize { get; }

    /// <summary>The element of a slot; null where that part of the array was never made.</summary>
    ByteCursor? Find(long slot);
}
