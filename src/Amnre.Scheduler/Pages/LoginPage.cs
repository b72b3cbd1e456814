using Amnre.Scheduler.Access;
using Amnre.Scheduler.Markup;

namespace Amnre.Scheduler.Pages;

/// <summary>Asks for the token, and says where a link that signs in comes from. Tells nothing of experiments.</summary>
internal static class LoginPage
{
    public const string Used = "This link was used already: each works once. Ask for another with 'amnre status'.";
    public const string Ended = "This link has expired: each works for twelve hours. Ask for another with 'amnre status'.";
    public const string Unknown = "This link is of an earlier start of the scheduler, or of another one. Ask for a new one with " +
        "'amnre status'.";
    public const string Malformed = "This link is not whole: copy all of it, to the end of the line, or ask for another with " +
        "'amnre status'.";
    public const string SessionEnded = "Your session has ended: the scheduler was started again, its token was changed, or the time is " +
        "over. Sign in again.";

    public static Page Render(string? refusal, Html antiforgery) => new("Sign in", Html.Of(
        $"""
        <form class="login" method="post" action="/login"><h1>Sign in</h1>
        {(refusal is null ? Html.None : Html.Of($"""<p class="warning">{refusal}</p>"""))}
        <p>Whoever started the scheduler gets a link that signs in from <code>amnre status</code> in a terminal.</p>
        {antiforgery}
        <label>Token <input type="password" name="token" autocomplete="current-password" required autofocus></label>
        <button>Sign in</button></form>
        """))
    {
        Live = false,
        LeadsOn = false,
    };

    public static Page SignedIn(AccessRole role) => Layout.Page("Signed in", Html.Of(
        $"""<h1>Signed in as {Wording.Word(role)}</h1><p class="empty"><a href="/">All experiments</a></p>"""), live: false);
}
