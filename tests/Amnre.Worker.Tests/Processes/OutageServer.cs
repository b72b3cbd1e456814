using Amnre.Testing;

namespace Amnre.Worker.Tests.Processes;

/// <summary>A server that may be taken down, since no other tests are on it.</summary>
public sealed class OutageServer : TestServer
{
    /// <summary>Stops the server, as an upgrade or a crash of its machine would, and brings it back after
    /// <paramref name="away"/>.</summary>
    public Task GoAwayAsync(TimeSpan away) => RestartAsync(away);
}
