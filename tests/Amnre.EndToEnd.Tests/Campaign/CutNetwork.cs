using System.Net;

namespace Amnre.EndToEnd.Tests.Campaign;

/// <summary>A network namespace for one worker, joined to ours by a pair of virtual cables that can be pulled.</summary>
internal sealed class CutNetwork : IDisposable
{
    private readonly string _cable;

    private CutNetwork(string name, string cable, IPAddress address) => (Name, _cable, Address) = (name, cable, address);

    public string Name { get; }

    /// <summary>Ours, as the worker sees us.</summary>
    public IPAddress Address { get; }

    /// <returns>The network, or the reason why there is none.</returns>
    public static (CutNetwork? Network, string? Reason) Open()
    {
        if (!Environment.IsPrivilegedProcess) return (null, "network namespaces need root");
        var id = Environment.ProcessId % 16000;
        var (name, cable, third) = ($"amnre-{id}", $"amn{id}", $"10.{213 + (id / 8000)}.{id / 64 % 250}");
        var fourth = id % 64 * 4;
        var error = SystemCommand.Try("ip", "netns", "add", name)
            ?? SystemCommand.Try("ip", "link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", name)
            ?? SystemCommand.Try("ip", "addr", "add", $"{third}.{fourth + 1}/30", "dev", cable)
            ?? SystemCommand.Try("ip", "link", "set", cable, "up")
            ?? SystemCommand.Try("ip", "-n", name, "addr", "add", $"{third}.{fourth + 2}/30", "dev", "eth0")
            ?? SystemCommand.Try("ip", "-n", name, "link", "set", "eth0", "up")
            ?? SystemCommand.Try("ip", "-n", name, "link", "set", "lo", "up");
        var network = new CutNetwork(name, cable, IPAddress.Parse($"{third}.{fourth + 1}"));
        if (error is null) return (network, null);
        network.Dispose();
        return (null, error);
    }

    public void Cut() => Assert.Null(SystemCommand.Try("ip", "link", "set", _cable, "down"));

    public void Mend() => Assert.Null(SystemCommand.Try("ip", "link", "set", _cable, "up"));

    public void Dispose()
    {
        SystemCommand.Try("ip", "link", "del", _cable);
        SystemCommand.Try("ip", "netns", "del", Name);
    }
}
