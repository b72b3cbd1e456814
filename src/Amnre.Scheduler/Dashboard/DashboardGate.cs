using Amnre.Engine;
using Amnre.Jobs.Ledger;
using Amnre.Scheduler.Access;
using Amnre.Scheduler.Markup;
using Amnre.Scheduler.Pages;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Amnre.Scheduler.Dashboard;

/// <summary>Who gets in, what a browser may do with what it gets, and what is said when something goes wrong.</summary>
internal static class DashboardGate
{
    /// <summary>Nothing but our own files, and nothing inline.</summary>
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri " +
            "'none'; frame-ancestors 'none'";

    /// <summary>The transport's own page has styles in its markup; scripts are files there too.</summary>
    private const string TransportPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; " +
            "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /// <param name="loopback">Then, where the user gave no token to let others in, only names of this machine are answered to, so that no
    /// other site's page can reach us under a name of its own.</param>
    public static void UseDashboardGate(this WebApplication app, bool loopback)
    {
        var tokens = app.Services.GetRequiredService<AccessTokens>();
        var sessions = app.Services.GetRequiredService<Sessions>();
        var limit = app.Services.GetRequiredService<SignInLimit>();
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Amnre.Scheduler.Dashboard");
        app.Use(async (context, next) =>
        {
            Guard(context);
            var endpoint = context.GetEndpoint();
            var required = endpoint is null
                ? AccessRole.Viewer
                : endpoint.Metadata.GetMetadata<RequiredRole>()?.Role ?? AccessRole.Operator;
            if (loopback && !tokens.AreGiven && !ListenAddress.IsLocalName(context.Request.Host.Host))
            {
                await Errors.TellAsync(context, StatusCodes.Status421MisdirectedRequest, "this host name is not served here");
            }
            else if (CrossSite(context.Request))
            {
                await Errors.TellAsync(context, StatusCodes.Status403Forbidden, "the request came from another site's page");
            }
            else if (await RoleOfAsync(context, tokens, sessions, limit) is not { } role)
            {
                context.Response.Headers.RetryAfter = "60";
                await Errors.TellAsync(context, StatusCodes.Status429TooManyRequests,
                    "many wrong tokens came from this address, and this is another: each takes a second");
            }
            else if (context.Also(role) < required)
            {
                await RefuseAsync(context, role, required);
            }
            else
            {
                await PassAsync(context, next, logger);
            }
        });
    }

    private static void Guard(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
        headers.ContentSecurityPolicy = context.Request.Path.StartsWithSegments("/hangfire") ? TransportPolicy : Policy;
    }

    /// <summary>Browsers say where a request that changes something comes from; other programs say nothing.</summary>
    private static bool CrossSite(HttpRequest request)
    {
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) return false;
        if (request.Headers["Sec-Fetch-Site"].ToString() is { Length: > 0 } site) return site is not ("same-origin" or "none");
        return request.Headers.Origin.ToString() is { Length: > 0 } origin
            && !(Uri.TryCreate(origin, UriKind.Absolute, out var from)
                && string.Equals(from.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase));
    }

    /// <returns>Null when this address has presented much that is no token, and now more of it.</returns>
    private static async ValueTask<AccessRole?> RoleOfAsync(HttpContext context, AccessTokens tokens, Sessions sessions, SignInLimit limit)
    {
        const string scheme = "Bearer ";
        if (context.Request.Headers.Authorization.ToString() is not { Length: > 0 } header
            || !header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
            return sessions.RoleOf(SignIn.Session(context));
        var role = tokens.RoleOf(header[scheme.Length..].Trim());
        return role == AccessRole.None && await limit.FailedAsync(context) ? null : role;
    }

    private static AccessRole Also(this HttpContext context, AccessRole role)
    {
        context.SetRole(role);
        return role;
    }

    private static Task RefuseAsync(HttpContext context, AccessRole role, AccessRole required)
    {
        if (role != AccessRole.None)
            return Errors.TellAsync(context, StatusCodes.Status403Forbidden,
                $"this is for the {Wording.Word(required)} role, and you have that of the {Wording.Word(role)}");
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return Errors.IsForPrograms(context.Request)
            ? Errors.TellAsync(context, StatusCodes.Status401Unauthorized, "present a token: 'Authorization: Bearer …'")
            : SignIn.AskAsync(context, StatusCodes.Status401Unauthorized,
                SignIn.Session(context) is null ? null : SignInModel.SessionEnded);
    }

    private static async Task PassAsync(HttpContext context, RequestDelegate next, ILogger logger)
    {
        try
        {
            await next(context);
            if (context.Response is { HasStarted: false, StatusCode: >= 400, ContentLength: null, ContentType: null })
                await Errors.TellAsync(context, context.Response.StatusCode, null);
        }
        catch (Exception e) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            var (status, detail) = e switch
            {
                InputException => (StatusCodes.Status400BadRequest, e.Message),
                BadHttpRequestException bad =>
                    (bad.StatusCode, bad.InnerException is System.Text.Json.JsonException wrong ? wrong.Message : bad.Message),
                AntiforgeryValidationException =>
                    (StatusCodes.Status400BadRequest, "the form is too old: go back, load the page again and repeat it"),
                // No text of the ledger holds what the database takes for the end of one.
                PostgresException { SqlState: PostgresErrorCodes.CharacterNotInRepertoire or PostgresErrorCodes.UntranslatableCharacter } =>
                    (StatusCodes.Status400BadRequest, "it holds a zero character"),
                _ when DatabaseOutage.IsTransient(e) =>
                    (StatusCodes.Status503ServiceUnavailable,
                        "the database is out of reach; workers continue, and this page returns when the database does"),
                // What it says may hold more than the reader is to know.
                _ => (StatusCodes.Status500InternalServerError, null),
            };
            if (status == StatusCodes.Status500InternalServerError)
                logger.LogError(e, "{Method} {Path} failed", context.Request.Method, context.Request.Path);
            await Errors.TellAsync(context, status, detail);
        }
        catch (Exception e) when (context.RequestAborted.IsCancellationRequested)
        {
            logger.LogDebug("The client of {Method} {Path} disconnected: {Message}", context.Request.Method, context.Request.Path,
                e.Message);
        }
    }
}
