using Amnre.Scheduler.Hosting;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Amnre.Scheduler.Dashboard;

/// <summary>Exchanges a token for a cookie, and gives the cookie back.</summary>
internal static class SignIn
{
    public const string Cookie = "amnre-session";

    public static void MapSignIn(this IEndpointRouteBuilder app)
    {
        app.MapGet("/login", (HttpContext context, AccessTokens tokens) => tokens.Any && context.Role() != AccessRole.None
            ? DashboardEndpoints.WriteAsync(context, LoginPage.SignedIn(context.Role()))
            : AskAsync(context, StatusCodes.Status200OK, null)).For(AccessRole.None).ExcludeFromDescription();
        app.MapPost("/login", EnterAsync).For(AccessRole.None).ExcludeFromDescription();
        app.MapPost("/logout", LeaveAsync).For(AccessRole.None).ExcludeFromDescription();
    }

    /// <summary>Who is signed in by a cookie, and the way out.</summary>
    public static Html Account(HttpContext context) =>
        context.Role() != AccessRole.None && context.Request.Cookies.ContainsKey(Cookie) && context.RequestServices.GetRequiredService<AccessTokens>().Any
            ? ActionForms.SignOut(context.Role(), Antiforgery.Field(context)) : Html.None;

    public static Task AskAsync(HttpContext context, int status, string? refusal)
    {
        context.Response.StatusCode = status;
        return DashboardEndpoints.WriteAsync(context, LoginPage.Render(refusal, Antiforgery.Field(context)));
    }

    private static async Task EnterAsync(HttpContext context, AccessTokens tokens, SignInLimit limit)
    {
        await context.RequestServices.GetRequiredService<IAntiforgery>().ValidateRequestAsync(context);
        if (limit.IsReached(context))
        {
            context.Response.Headers.RetryAfter = "60";
            await AskAsync(context, StatusCodes.Status429TooManyRequests, "Too many wrong tokens: try again in a minute.");
            return;
        }

        var presented = (await context.Request.ReadFormAsync(context.RequestAborted))["token"].ToString().Trim();
        if (tokens.RoleOf(presented) == AccessRole.None)
        {
            limit.Failed(context);
            await AskAsync(context, StatusCodes.Status401Unauthorized, "That is no token of this scheduler.");
            return;
        }

        var (value, ends) = tokens.NewSession(presented);
        context.Response.Cookies.Append(Cookie, value, Options(context.Request, ends));
        context.Response.Redirect("/");
    }

    private static async Task LeaveAsync(HttpContext context)
    {
        await context.RequestServices.GetRequiredService<IAntiforgery>().ValidateRequestAsync(context);
        context.Response.Cookies.Delete(Cookie, Options(context.Request, null));
        context.Response.Redirect("/login");
    }

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
