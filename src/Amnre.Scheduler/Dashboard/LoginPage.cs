using Amnre.Scheduler.Hosting;

namespace Amnre.Scheduler.Dashboard;

/// <summary>Asks for the token.</summary>
internal static class LoginPage
{
    public static Page Render(string? refusal, Html antiforgery) => Layout.Page("Sign in", Html.Of(
        $"""
        <form class="login" method="post" action="/login"><h1>Sign in</h1>
        {(refusal is null ? Html.None : Html.Of($"""<p class="warning">{refusal}</p>"""))}
        {antiforgery}
        <label>Token <input type="password" name="token" autocomplete="current-password" required autofocus></label>
        <button>Open</button></form>
        """), live: false);

    public static Page SignedIn(AccessRole role) => Layout.Page("Signed in", Html.Of(
        $"""<h1>Signed in as {Wording.Word(role)}</h1><p class="empty"><a href="/">All experiments</a></p>"""), live: false);
}
