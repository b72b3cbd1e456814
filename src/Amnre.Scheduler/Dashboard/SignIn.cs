using System.Globalization;
using Amnre.Scheduler.Access;
using Amnre.Scheduler.Markup;
using Amnre.Scheduler.Pages;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Amnre.Scheduler.Dashboard;

/// <summary>Exchanges a token, or a link that was signed with one, for a session, and ends the session.</summary>
internal static class SignIn
{
    /// <summary>Headers by which browsers say why they ask.</summary>
    private static readonly string[] Purposes = ["Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"];

    public static void MapSignIn(this IEndpointRouteBuilder app)
    {
        app.MapGet("/login", (HttpContext context) => context.Role() != AccessRole.None
            ? DashboardEndpoints.WriteAsync(context, Page.Of<SignedInPage, AccessRole>(context.Role()))
            : AskAsync(context, StatusCodes.Status200OK, null)).For(AccessRole.None).ExcludeFromDescription();
        app.MapPost("/login", EnterAsync).For(AccessRole.None).ExcludeFromDescription();
        app.MapGet(SignInTickets.Path, FollowAsync).For(AccessRole.None).ExcludeFromDescription();
        app.MapPost("/logout", LeaveAsync).For(AccessRole.None).ExcludeFromDescription();
    }

    /// <summary>Browsers keep cookies by host alone: the port in the name keeps two schedulers of one host apart.</summary>
    public static string Cookie(HttpContext context) =>
        string.Create(CultureInfo.InvariantCulture, $"amnre-session-{context.Connection.LocalPort}");

    /// <summary>What the browser keeps; null where it keeps nothing of ours.</summary>
    public static string? Session(HttpContext context) => context.Request.Cookies[Cookie(context)];

    /// <summary>Who reads the answer, as its page needs to know.</summary>
    public static Visitor Visitor(HttpContext context) => new(
        context.Role() != AccessRole.None && Session(context) is not null ? Wording.Word(context.Role()) : null,
        context.Role() >= AccessRole.Operator,
        () => Antiforgery.Tokens(context));

    public static Task AskAsync(HttpContext context, int status, string? refusal)
    {
        context.Response.StatusCode = status;
        return DashboardEndpoints.WriteAsync(context, Page.Of<SignInPage, SignInModel>(new(refusal)));
    }

    private static async Task EnterAsync(HttpContext context, AccessTokens tokens, Sessions sessions, SignInLimit limit)
    {
        await context.RequestServices.GetRequiredService<IAntiforgery>().ValidateRequestAsync(context);
        var presented = (await context.Request.ReadFormAsync(context.RequestAborted))["token"].ToString().Trim();
        if (tokens.Match(presented) is { } token) Begin(context, sessions, token);
        else await RefuseAsync(context, limit, StatusCodes.Status401Unauthorized, "That is no token of this scheduler.");
    }

    /// <summary>A link of the terminal. What the browser fetches beforehand, unasked, uses nothing up; a user who is signed in already and
    /// follows it again gets in.</summary>
    private static async Task FollowAsync(HttpContext context, SignInTickets tickets, Sessions sessions, SignInLimit limit)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (IsBeforehand(context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        var (fate, token) = tickets.Use(context.Request.Query[SignInTickets.Parameter]);
        if (token is not null) Begin(context, sessions, token);
        else if (context.Role() != AccessRole.None) context.Response.Redirect("/");
        else if (fate is TicketFate.Unknown or TicketFate.Malformed)
            await RefuseAsync(context, limit, StatusCodes.Status401Unauthorized, fate == TicketFate.Unknown
                ? SignInModel.Unknown
                : SignInModel.Malformed);
        else await AskAsync(context, StatusCodes.Status401Unauthorized, fate == TicketFate.Used ? SignInModel.Used : SignInModel.Ended);
    }

    private static async Task LeaveAsync(HttpContext context, Sessions sessions)
    {
        await context.RequestServices.GetRequiredService<IAntiforgery>().ValidateRequestAsync(context);
        sessions.End(Session(context));
        context.Response.Cookies.Delete(Cookie(context), Options(context.Request, null));
        context.Response.Redirect("/login");
    }

    private static void Begin(HttpContext context, Sessions sessions, AccessToken token)
    {
        sessions.End(Session(context));
        var (value, ends) = sessions.Open(token);
        context.Response.Cookies.Append(Cookie(context), value, Options(context.Request, ends));
        // Of what another site's page leads to, a web terminal's say, the browser would send the strict cookie only with what our own page
        // asks for.
        if (context.Request.Headers["Sec-Fetch-Site"] == "cross-site") context.Response.Headers["Refresh"] = "0; url=/";
        else context.Response.Redirect("/");
    }

    private static async Task RefuseAsync(HttpContext context, SignInLimit limit, int status, string refusal)
    {
        if (!await limit.FailedAsync(context))
        {
            await AskAsync(context, status, refusal);
            return;
        }

        context.Response.Headers.RetryAfter = "60";
        await AskAsync(context, StatusCodes.Status429TooManyRequests,
            $"{refusal} Many wrong ones came from this address, so each takes a second.");
    }

    private static bool IsBeforehand(HttpRequest request) =>
        Purposes.Any(name => request.Headers[name].ToString() is var purpose
            && (purpose.Contains("prefetch", StringComparison.OrdinalIgnoreCase)
                || purpose.Contains("preview", StringComparison.OrdinalIgnoreCase)));

    private static CookieOptions Options(HttpRequest request, DateTimeOffset? ends) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        // Behind a proxy that speaks TLS, its word is taken: a false one only keeps the cookie from being sent.
        Secure = request.IsHttps || request.Headers["X-Forwarded-Proto"] == "https",
        Path = "/",
        Expires = ends,
    };
}
