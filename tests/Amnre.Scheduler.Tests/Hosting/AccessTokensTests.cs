using Amnre.Engine;
using Amnre.Scheduler.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace Amnre.Scheduler.Tests.Hosting;

public sealed class AccessTokensTests : IDisposable
{
    private const string First = "0123456789abcdef0123", Second = "fedcba98765432100123";

    private readonly string _file = Path.GetTempFileName();
    private readonly FakeTimeProvider _clock = new();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void A_token_file_that_others_can_read_is_refused()
    {
        File.WriteAllText(_file, First + "\n");
        File.SetUnixFileMode(_file, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        Assert.Throws<InputException>(() => AccessTokens.Find(_file, _clock));

        File.SetUnixFileMode(_file, UnixFileMode.UserRead);
        Assert.Equal(AccessRole.Operator, AccessTokens.Find(_file, _clock).RoleOf(First));
    }

    [Fact]
    public void Another_token_in_the_file_takes_effect_without_a_restart_and_ends_sessions()
    {
        File.WriteAllText(_file, First);
        var tokens = AccessTokens.Find(_file, _clock);
        var (session, _) = tokens.NewSession(First);
        Assert.Equal(AccessRole.Operator, tokens.RoleOfSession(session));

        File.WriteAllText(_file, Second);
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(AccessRole.None, tokens.RoleOf(First));
        Assert.Equal(AccessRole.Operator, tokens.RoleOf(Second));
        Assert.Equal(AccessRole.None, tokens.RoleOfSession(session));

        // A file that is being replaced, or is broken, opens nothing new and closes nothing.
        File.WriteAllText(_file, "");
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(AccessRole.Operator, tokens.RoleOf(Second));
        Assert.Equal(AccessRole.None, tokens.RoleOf(""));
    }

    [Fact]
    public void A_session_ends_in_time_and_cannot_be_given_another_role()
    {
        var tokens = AccessTokens.Of(First, Second, _clock);
        var (session, _) = tokens.NewSession(Second);
        Assert.Equal(AccessRole.Viewer, tokens.RoleOfSession(session));
        Assert.Equal(AccessRole.None, tokens.RoleOfSession(session.Replace("Viewer", "Operator", StringComparison.Ordinal)));
        Assert.Equal(AccessRole.None, tokens.RoleOfSession("Operator.99999999999."));
        Assert.Equal(AccessRole.None, tokens.RoleOfSession(null));
        Assert.DoesNotContain(Second, session, StringComparison.Ordinal);

        _clock.Advance(TimeSpan.FromHours(13));
        Assert.Equal(AccessRole.None, tokens.RoleOfSession(session));
    }

    [Fact]
    public void A_short_token_or_one_for_both_roles_is_refused()
    {
        Assert.Throws<InputException>(() => AccessTokens.Of("secret", null, _clock));
        Assert.Throws<InputException>(() => AccessTokens.Of(First, First, _clock));
    }

    [Theory]
    [InlineData("1000", true)]
    [InlineData("1001", false)]
    public void The_peer_of_a_loopback_connection_is_known_by_its_user(string peer, bool own) => Assert.Equal(own, LocalPeer.IsOwn(
        [
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
            "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 1 1",
            "   1: 0100007F:1F90 0100007F:C000 01 00000000:00000000 00:00000000 00000000  1000        0 2 1",
            $"   2: 0100007F:C000 0100007F:1F90 01 00000000:00000000 00:00000000 00000000  {peer}        0 3 1",
        ], 0x1F90, 0xC000));
}
