namespace Amnre.Scheduler.Dashboard;

/// <summary>Asks for the token.</summary>
internal static class LoginPage
{
    public static Html Render(bool refused) => Layout.Page("Sign in", Html.Of(
        $"""
        <form class="login" method="post" action="/login"><h1>Sign in</h1>
        {(refused ? Html.Of($"""<p class="warning">That is not the token.</p>""") : Html.None)}
        <label>Token <input type="password" name="token" autocomplete="current-password" required autofocus></label>
        <button>Open</button></form>
        """), live: false);
}
