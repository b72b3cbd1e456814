namespace Amnre.Jobs.Postgres;

/// <summary>A store's own database cannot be made or started, or not any longer, because of what this machine does: its disk is full, or
/// the server does not come up. The user's input has no part in it.</summary>
public sealed class ServerTroubleException : Exception
{
    public ServerTroubleException(string message) : base(message) { }

    public ServerTroubleException(string message, Exception inner) : base(message, inner) { }
}
