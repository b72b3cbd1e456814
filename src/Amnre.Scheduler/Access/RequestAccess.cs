using Amnre.Jobs.Operations;
using Amnre.Scheduler.Markup;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Amnre.Scheduler.Access;

/// <summary>The role that a route asks for. A route without one asks for the greatest.</summary>
internal sealed record RequiredRole(AccessRole Role);

/// <summary>Who is there, and what routes ask for.</summary>
internal static class RequestAccess
{
    private static readonly object Key = new();

    public static TBuilder For<TBuilder>(this TBuilder route, AccessRole role) where TBuilder : IEndpointConventionBuilder =>
        route.WithMetadata(new RequiredRole(role));

    /// <summary>Of the user who made this request.</summary>
    public static AccessRole Role(this HttpContext context) => context.Items[Key] is AccessRole role ? role : AccessRole.None;

    public static void SetRole(this HttpContext context, AccessRole role) => context.Items[Key] = role;

    /// <summary>For the audit trail.</summary>
    public static Requester Requester(this HttpContext context) =>
        new(Wording.Word(context.Role()), context.Connection.RemoteIpAddress?.ToString() ?? "an unknown address");
}
