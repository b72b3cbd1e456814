using Amnre.Engine;
using Amnre.Scheduler.Access;
using Microsoft.Extensions.Time.Testing;

namespace Amnre.Scheduler.Tests.Access;

public sealed class AccessTokensTests : IDisposable
{
    private const string First = "0123456789abcdef0123", Second = "fedcba98765432100123";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _folder = Directory.CreateTempSubdirectory("amnre-tokens-").FullName;
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UtcNow);

    private string NamedFile => Path.Combine(_folder, "token");

    private string Store => Path.Combine(_folder, "store");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.GroupRead, "read")]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.OtherRead, "read")]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.GroupWrite, "changed")]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.OtherWrite, "changed")]
    public void A_token_file_that_others_can_read_or_change_is_refused(UnixFileMode mode, string what)
    {
        File.WriteAllText(NamedFile, First + "\n");
        File.SetUnixFileMode(NamedFile, mode);
        var refused = Assert.Throws<InputException>(() => AccessTokens.Find(NamedFile, Store, _clock));
        Assert.Contains($"can be {what} by others: chmod 600", refused.Message, StringComparison.Ordinal);

        File.SetUnixFileMode(NamedFile, UnixFileMode.UserRead);
        Assert.Equal(AccessRole.Operator, AccessTokens.Find(NamedFile, Store, _clock).RoleOf(First));
        Assert.False(Directory.Exists(Store));
    }

    [Fact]
    public void A_store_has_a_token_of_its_own_made_once_and_closed_to_others()
    {
        var tokens = AccessTokens.Find(null, Store, _clock);
        var file = StoreToken.FileIn(Store);
        var text = File.ReadAllText(file).Trim();

        Assert.Equal(48, text.Length);
        Assert.Equal((AccessRole.Operator, false), (tokens.RoleOf(text), tokens.AreGiven));
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(file));
        Assert.Equal(OwnerOnly | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(file)!));
        Assert.Equal([file], Directory.GetFiles(Path.GetDirectoryName(file)!));
        Assert.Equal(AccessRole.Operator, AccessTokens.Find(null, Store, _clock).RoleOf(text));
        Assert.NotEqual(text, StoreToken.Read(StoreTokenOf("other"))!.Text);
    }

    [Fact]
    public void Schedulers_that_start_together_have_one_token()
    {
        var made = new string[8];
        Parallel.For(0, made.Length,
            i => made[i] = AccessTokens.Find(null, Store, _clock).RoleOf(File.ReadAllText(StoreToken.FileIn(Store)).Trim()).ToString());

        Assert.All(made, role => Assert.Equal(nameof(AccessRole.Operator), role));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(StoreToken.FileIn(Store))!));
    }

    [Theory]
    [InlineData(OwnerOnly | UnixFileMode.GroupRead)]
    [InlineData(OwnerOnly | UnixFileMode.OtherWrite)]
    public void A_stores_token_that_others_can_reach_is_refused_with_the_remedy(UnixFileMode mode)
    {
        var file = StoreTokenOf("store");
        File.SetUnixFileMode(file, mode);

        var refused = Assert.Throws<InputException>(() => AccessTokens.Find(null, Store, _clock));
        Assert.Contains(file, refused.Message, StringComparison.Ordinal);
        Assert.Contains("remove it, and another is made", refused.Message, StringComparison.Ordinal);
        File.Delete(file);
        Assert.NotNull(AccessTokens.Find(null, Store, _clock).Own());
    }

    [Fact]
    public void A_stores_token_that_is_a_link_or_somebody_elses_is_refused()
    {
        var file = StoreTokenOf("store");
        File.Delete(file);
        File.CreateSymbolicLink(file, "/etc/hostname");
        Assert.Contains("and is none", Assert.Throws<InputException>(() => AccessTokens.Find(null, Store, _clock)).Message,
            StringComparison.Ordinal);

        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can make a file of another user's");
        File.Delete(file);
        File.WriteAllText(file, First);
        File.SetUnixFileMode(file, OwnerOnly);
        Own("65534", file);
        Assert.Contains("belongs to user", Assert.Throws<InputException>(() => AccessTokens.Find(null, Store, _clock)).Message,
            StringComparison.Ordinal);
        Own("0", file);
        Own("65534", Path.GetDirectoryName(file)!);
        Assert.Contains("belongs to user", Assert.Throws<InputException>(() => AccessTokens.Find(null, Store, _clock)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Another_token_in_the_file_takes_effect_without_a_restart_and_ends_sessions()
    {
        Write(NamedFile, First);
        var tokens = AccessTokens.Find(NamedFile, Store, _clock);
        var sessions = new Sessions(tokens, _clock);
        var (session, _) = sessions.Open(tokens.Match(First)!);
        Assert.Equal(AccessRole.Operator, sessions.RoleOf(session));

        Write(NamedFile, Second);
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(AccessRole.None, tokens.RoleOf(First));
        Assert.Equal(AccessRole.Operator, tokens.RoleOf(Second));
        Assert.Equal(AccessRole.None, sessions.RoleOf(session));

        // A file that is being replaced, or is broken, opens nothing new and closes nothing.
        Write(NamedFile, "");
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(AccessRole.Operator, tokens.RoleOf(Second));
        Assert.Equal(AccessRole.None, tokens.RoleOf(""));
    }

    [Fact]
    public void A_session_ends_in_time_and_when_its_reader_leaves()
    {
        var tokens = AccessTokens.Of(First, Second, _clock);
        var sessions = new Sessions(tokens, _clock);
        var (viewer, _) = sessions.Open(tokens.Match(Second)!);
        var (left, _) = sessions.Open(tokens.Match(First)!);
        Assert.Equal((AccessRole.Viewer, AccessRole.Operator), (sessions.RoleOf(viewer), sessions.RoleOf(left)));
        Assert.Equal(AccessRole.None, new Sessions(tokens, _clock).RoleOf(viewer));
        Assert.Equal(AccessRole.None, sessions.RoleOf(null));

        sessions.End(left);
        Assert.Equal((AccessRole.Viewer, AccessRole.None), (sessions.RoleOf(viewer), sessions.RoleOf(left)));
        _clock.Advance(TimeSpan.FromHours(13));
        Assert.Equal(AccessRole.None, sessions.RoleOf(viewer));
    }

    [Fact]
    public void A_ticket_opens_once_in_its_time_at_the_start_that_it_is_for()
    {
        var tokens = AccessTokens.Of(First, Second, _clock);
        var (here, there) = (new SchedulerIdentity(), new SchedulerIdentity());
        var tickets = new SignInTickets(here, tokens, _clock);
        var ticket = SignInTickets.New(tokens.Match(Second)!, here.Id, _clock);
        var late = SignInTickets.New(tokens.Match(First)!, here.Id, _clock);

        Assert.DoesNotContain(Second, ticket, StringComparison.Ordinal);
        Assert.InRange(SignInTickets.Link("http://127.0.0.1:65535", ticket).Length, 40, 69);
        Assert.Equal(TicketFate.Unknown, new SignInTickets(there, tokens, _clock).Use(ticket).Fate);
        Assert.Equal(TicketFate.Unknown, new SignInTickets(here, AccessTokens.Of(First, null, _clock), _clock).Use(ticket).Fate);
        Assert.Equal(TicketFate.Unknown, tickets.Use((ticket[0] == 'A' ? "B" : "A") + ticket[1..]).Fate);
        Assert.All([null, "", "x", ticket + "A", ticket[1..], "ä" + ticket[1..]],
            other => Assert.Equal(TicketFate.Malformed, tickets.Use(other).Fate));

        Assert.Equal(AccessRole.Viewer, tokens.RoleOf(tickets.Use(ticket).Token));
        Assert.Equal((TicketFate.Used, null), tickets.Use(ticket));
        _clock.Advance(TimeSpan.FromHours(13));
        Assert.Equal((TicketFate.Ended, null), tickets.Use(late));
        Assert.Equal((TicketFate.Ended, null), tickets.Use(ticket));
    }

    [Fact]
    public void A_short_token_or_one_for_both_roles_is_refused()
    {
        Assert.Throws<InputException>(() => AccessTokens.Of("secret", null, _clock));
        Assert.Throws<InputException>(() => AccessTokens.Of(First, First, _clock));
    }

    private string StoreTokenOf(string store)
    {
        AccessTokens.Find(null, Path.Combine(_folder, store), _clock);
        return StoreToken.FileIn(Path.Combine(_folder, store));
    }

    private static void Write(string file, string text)
    {
        File.WriteAllText(file, text);
        File.SetUnixFileMode(file, OwnerOnly);
    }

    private static void Own(string user, string path)
    {
        using var chown = System.Diagnostics.Process.Start("chown", [user, path]);
        chown.WaitForExit();
    }
}
