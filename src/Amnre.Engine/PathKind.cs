namespace Amnre.Engine;

/// <summary>What a path leads to, links followed.</summary>
public enum PathKind
{
    /// <summary>Nothing is there, or this account cannot look.</summary>
    Nothing,
    File,
    Folder,

    /// <summary>A device, a pipe or a socket: reading one may wait without end.</summary>
    Special,

    /// <summary>A symbolic link whose target does not exist.</summary>
    BrokenLink,
}
