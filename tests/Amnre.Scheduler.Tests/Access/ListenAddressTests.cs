using Amnre.Engine;
using Amnre.Scheduler.Access;

namespace Amnre.Scheduler.Tests.Access;

public sealed class ListenAddressTests
{
    [Theory]
    [InlineData("http://127.0.0.1:0", true)]
    [InlineData("http://localhost:8080", true)]
    [InlineData("http://[::1]:8080", true)]
    [InlineData("http://0.0.0.0:8080", false)]
    [InlineData("http://10.0.0.3:8080", false)]
    [InlineData("http://localhost.example.org:80", false)]
    public void An_address_is_of_this_machine_alone_or_not(string address, bool local) =>
    Assert.Equal(local, ListenAddress.IsLoopback(ListenAddress.Parse(address)));

    [Theory]
    [InlineData("8080")]
    [InlineData("ftp://127.0.0.1")]
    public void What_is_no_address_is_refused(string text) => Assert.Throws<InputException>(() => ListenAddress.Parse(text));
}
