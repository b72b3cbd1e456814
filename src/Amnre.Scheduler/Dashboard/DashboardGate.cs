using Amnre.Scheduler.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Npgsql;

namespace Amnre.Scheduler.Dashboard;

/// <summary>Who gets in, and what a browser may do with what it gets.</summary>
internal static class DashboardGate
{
    private const string Cookie = "amnre-session";
    private static readonly string[] LocalNames = ["localhost", "127.0.0.1", "[::1]"];

    /// <param name="token">Null lets everybody in who reaches the address.</param>
    /// <param name="loopback">Then only names of this machine are answered to, so that no foreign page can reach us under a name of its own.</param>
    public static void UseDashboardGate(this IApplicationBuilder app, AccessToken? token, bool loopback) => app.Use(async (context, next) =>
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        if (!context.Request.Path.StartsWithSegments("/hangfire"))
        {
            headers.ContentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
        }

        if (loopback && token is null && !LocalNames.Contains(context.Request.Host.Host))
        {
            context.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
        }
        else if (token is null || IsOpen(context.Request) || Knows(context.Request, token))
        {
            try
            {
                await next(context);
            }
            catch (NpgsqlException) when (!context.Response.HasStarted)
            {
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                await DashboardEndpoints.WriteAsync(context, Layout.Page("Out of reach", Html.Of($"""<h1>The database is out of reach</h1><p class="empty">Workers go on; this page comes back with it.</p>""")));
            }
        }
        else if (context.Request.Path == "/login" && HttpMethods.IsPost(context.Request.Method))
        {
            await SignInAsync(context, token);
        }
        else if (context.Request.Path.StartsWithSegments("/api"))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            headers.WWWAuthenticate = "Bearer";
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            await DashboardEndpoints.WriteAsync(context, LoginPage.Render(refused: false));
        }
    });

    private static bool IsOpen(HttpRequest request) => request.Path == "/health" || request.Path.StartsWithSegments("/assets");

    private static bool Knows(HttpRequest request, AccessToken token) =>
        token.IsSession(request.Cookies[Cookie])
        || (request.Headers.Authorization.ToString() is { } header && header.StartsWith("Bearer ", StringComparison.Ordinal) && token.Is(header["Bearer ".Length..]));

    private static async Task SignInAsync(HttpContext context, AccessToken token)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        if (!token.Is(form["token"]))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            await DashboardEndpoints.WriteAsync(context, LoginPage.Render(refused: true));
            return;
        }

        context.Response.Cookies.Append(Cookie, token.SessionValue, new CookieOptions
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            Secure = context.Request.IsHttps,
            Path = "/",
        });
        context.Response.Redirect("/");
    }
}
