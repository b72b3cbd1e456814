namespace Amnre.Engine.Programs;

/// <summary>Bytes of a reply that have come, also of one that never comes whole.</summary>
internal sealed class ReceivedBytes
{
    public long Count { get; set; }
}
