using System.Net;
using System.Text.RegularExpressions;
using Amnre.Engine;
using Amnre.Scheduler.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Amnre.Scheduler.Api;

/// <summary>Proves to a command that this is the scheduler of its store, before the command sends the token: a stranger may listen at the
/// address of one that ended.</summary>
internal static partial class ProofEndpoint
{
    public static void MapProof(this IEndpointRouteBuilder app) =>
        app.MapGet("/api/proof", (HttpContext context, AccessTokens tokens, string nonce) =>
        !Nonce().IsMatch(nonce) ? throw new InputException("the nonce has 32 to 128 hexadecimal digits")
        : tokens.Own() is { } token
        ? Results.Text(StoreToken.ProofOf(token, nonce, context.Connection.LocalIpAddress ?? IPAddress.None, context.Connection.LocalPort))
        : Results.NotFound()).For(AccessRole.None).Produces<string>(StatusCodes.Status200OK, "text/plain")
        .ProducesProblem(StatusCodes.Status404NotFound);

    [GeneratedRegex("^[0-9a-f]{32,128}$", RegexOptions.CultureInvariant)]
    private static partial Regex Nonce();
}
