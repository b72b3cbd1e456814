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
        Assert.Contains(AccessToken.Variable, refused.Message, StringComparison.Ordinal);
        Assert.NotNull(ListenAddress.Parse(address, hasToken: true));
    }

    [Fact]
    public void A_token_file_that_others_can_read_is_refused()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, "0123456789abcdef0123\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        Assert.Throws<InputException>(() => AccessToken.Find(file));

        File.SetUnixFileMode(file, UnixFileMode.UserRead);
        Assert.Equal("0123456789abcdef0123", AccessToken.Find(file));
        File.Delete(file);
    }

    [Fact]
    public void A_short_token_is_refused() => Assert.Throws<InputException>(() => AccessToken.Of("secret"));
}
