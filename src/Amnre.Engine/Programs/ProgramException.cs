namespace Amnre.Engine.Programs;

/// <summary>One failure of a program: it ended, was late, or did not keep to its protocol. The batch may be retried, unless it is
/// final.</summary>
internal sealed class ProgramException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The program closed a stream, and so is about to end if it has not.</summary>
    public bool IsLeaving { get; init; }

    /// <summary>The program means something else than its protocol: retried, it would fail again, or answer wrong numbers that look
    /// right.</summary>
    public bool IsFinal { get; init; }
}
