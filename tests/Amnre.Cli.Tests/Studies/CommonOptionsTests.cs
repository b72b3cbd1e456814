using Amnre.Cli.Studies;
using Amnre.Engine;

namespace Amnre.Cli.Tests.Studies;

public sealed class CommonOptionsTests
{
    [Fact]
    public void A_password_on_the_command_line_is_refused() =>
        Assert.Contains("AMNRE_POSTGRES", Assert.Throws<InputException>(() =>
            CommonOptions.ConnectionString("Host=db;Password=secret")).Message, StringComparison.Ordinal);

    [Fact]
    public void The_refusal_does_not_repeat_the_password() =>
        Assert.DoesNotContain("secret", Assert.Throws<InputException>(() =>
            CommonOptions.ConnectionString("Host=db;Password=secret")).Message, StringComparison.Ordinal);

    [Fact]
    public void What_is_no_connection_string_is_named() =>
        Assert.Contains("--postgres is not a connection string", Assert.Throws<InputException>(() =>
            CommonOptions.ConnectionString("nonsense=1")).Message, StringComparison.Ordinal);
}
