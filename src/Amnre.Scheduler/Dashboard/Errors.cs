using Amnre.Scheduler.Markup;
using Amnre.Scheduler.Pages;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;

namespace Amnre.Scheduler.Dashboard;

/// <summary>What went wrong: problem details (RFC 9457) for programs, a page for people.</summary>
internal static class Errors
{
    public static bool IsForPrograms(HttpRequest request) =>
        request.Path.StartsWithSegments("/api") || request.Path.StartsWithSegments("/metrics") || request.Path.StartsWithSegments("/health")
        || AsksForJson(request);

    /// <summary>Whether it wants JSON, wherever it asks: browsers want HTML too.</summary>
    private static bool AsksForJson(HttpRequest request)
    {
        var accept = request.Headers.Accept.ToString();
        return accept.Contains("json", StringComparison.OrdinalIgnoreCase)
            && !accept.Contains("text/html", StringComparison.OrdinalIgnoreCase);
    }

    public static Task TellAsync(HttpContext context, int status, string? detail)
    {
        if (IsForPrograms(context.Request))
            return ((ProblemHttpResult)TypedResults.Problem(detail, statusCode: status)).ExecuteAsync(context);
        context.Response.StatusCode = status;
        var title = status == StatusCodes.Status503ServiceUnavailable ? "Out of reach" : ReasonPhrases.GetReasonPhrase(status);
        return DashboardEndpoints.WriteAsync(context, Page.Of<RefusalPage, RefusalModel>(
            new(title, detail ?? "The ledger has no record of it.")
            {
                IsTransient = status == StatusCodes.Status503ServiceUnavailable, // It comes back by itself when the database does.
            }));
    }
}
