namespace Amnre.Engine.Hdf5Values;

/// <summary>The stored bytes of a dataset's values, by rows: what lies along the first dimension.</summary>
internal interface IValues
{
    /// <summary>Reads whole rows.</summary>
    /// <param name="firstRow">First of them.</param>
    /// <param name="target">Receives them as stored; its length decides how many.</param>
    void Read(long firstRow, Span<byte> target);

    /// <summary>Lets go of what was kept for the next reading.</summary>
    void Forget();
}
