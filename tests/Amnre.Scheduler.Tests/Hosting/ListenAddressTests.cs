using Amnre.Engine;
using Amnre.Scheduler.Hosting;

namespace Amnre.Scheduler.Tests.Hosting;

public sealed class ListenAddressTests
{
    [Theory]
    [InlineData("http://127.0.0.1:0")]
    [InlineData("http://localhost:8080")]
    [InlineData("http://[::1]:8080")]
    public void Loopback_needs_no_token(string address) => Assert.NotNull(ListenAddress.Parse(address, hasToken: false));

    [Theory]
    [InlineData("http://0.0.0.0:8080")]
    [InlineData("http://[::]:8080")]
    [InlineData("http://10.0.0.3:8080")]
    [InlineData("http://localhost.example.org:80")]
    public void Anything_else_does(string address)
    {
        var refused = Assert.Throws<InputException>(() => ListenAddress.Parse(address, hasToken: false));
        Assert.Contains(AccessTokens.OperatorVariable, refused.Message, StringComparison.Ordinal);
        Assert.NotNull(ListenAddress.Parse(address, hasToken: true));
    }
}
