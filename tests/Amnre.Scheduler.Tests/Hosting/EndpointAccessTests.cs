using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Transport;
using Amnre.Scheduler.Access;
using Amnre.Scheduler.Hosting;
using Amnre.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Amnre.Scheduler.Tests.Hosting;

/// <summary>Every route, asked over HTTP without a role and with each.</summary>
public sealed partial class EndpointAccessTests(TestServer server) : LedgerTest(server)
{
    private const string Operator = "operator-0123456789", Viewer = "viewer-0123456789ab";

    /// <summary>What each route asks for. A new route must be written down here and in docs/api.md or it fails.</summary>
    private static readonly Dictionary<string, AccessRole> Routes = new(StringComparer.Ordinal)
    {
        ["GET /"] = AccessRole.Viewer,
        ["GET /experiments/{id:long}"] = AccessRole.Viewer,
        ["GET /experiments/{id:long}/graph"] = AccessRole.Viewer,
        ["GET /experiments/{id:long}/runs"] = AccessRole.Viewer,
        ["GET /experiments/{id:long}/runs.csv"] = AccessRole.Viewer,
        ["GET /experiments/{id:long}/parallel"] = AccessRole.Viewer,
        ["GET /experiments/{id:long}/curves"] = AccessRole.Viewer,
        ["GET /experiments/{id:long}/figures"] = AccessRole.Viewer,
        ["GET /experiments/{id:long}/jobs"] = AccessRole.Viewer,
        ["GET /experiments/{id:long}/events"] = AccessRole.Viewer,
        ["GET /jobs/{id:long}"] = AccessRole.Viewer,
        ["GET /workers"] = AccessRole.Viewer,
        ["GET /queue"] = AccessRole.Viewer,
        ["GET /events"] = AccessRole.Viewer,
        ["GET /artifacts/{token:long}/{**name}"] = AccessRole.Viewer,
        ["GET /assets/{name}"] = AccessRole.None,
        ["* /hangfire/{**path}"] = AccessRole.Viewer,
        ["GET /login"] = AccessRole.None,
        ["GET /enter"] = AccessRole.None,
        ["GET /api/proof"] = AccessRole.None,
        ["POST /login"] = AccessRole.None,
        ["POST /logout"] = AccessRole.None,
        ["GET /actions/{kind}"] = AccessRole.Operator,
        ["POST /actions/{kind}"] = AccessRole.Operator,
        ["GET /api/openapi.json"] = AccessRole.Viewer,
        ["GET /api/access"] = AccessRole.Viewer,
        ["GET /api/selection"] = AccessRole.Viewer,
        ["GET /api/experiments"] = AccessRole.Viewer,
        ["GET /api/experiments/{id:long}"] = AccessRole.Viewer,
        ["GET /api/experiments/{id:long}/files"] = AccessRole.Viewer,
        ["GET /api/experiments/{id:long}/document"] = AccessRole.Viewer,
        ["GET /api/experiments/{id:long}/events"] = AccessRole.Viewer,
        ["GET /api/jobs/{id:long}"] = AccessRole.Viewer,
        ["GET /api/jobs/{id:long}/attempts"] = AccessRole.Viewer,
        ["GET /api/jobs/{id:long}/explanation"] = AccessRole.Viewer,
        ["GET /api/jobs/{id:long}/log"] = AccessRole.Viewer,
        ["GET /api/jobs/{id:long}/files/{*name}"] = AccessRole.Viewer,
        ["GET /api/events"] = AccessRole.Viewer,
        ["GET /api/queue"] = AccessRole.Viewer,
        ["GET /api/workers"] = AccessRole.Viewer,
        ["GET /api/schedulers"] = AccessRole.Viewer,
        ["GET /api/pools"] = AccessRole.Viewer,
        ["GET /api/allocations"] = AccessRole.Viewer,
        ["POST /api/actions"] = AccessRole.Operator,
        ["POST /api/experiments"] = AccessRole.Operator,
        ["POST /api/experiments/extension"] = AccessRole.Operator,
        ["GET /health"] = AccessRole.None,
        ["GET /health/live"] = AccessRole.None,
        ["GET /health/ready"] = AccessRole.None,
        ["GET /metrics"] = AccessRole.Viewer,
    };

    [Fact]
    public async Task Every_route_lets_in_exactly_the_roles_it_is_for()
    {
        await using var app = await StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        var mapped = Mapped(app).ToList();
        Assert.Equal(Routes.Keys.Order(StringComparer.Ordinal), mapped.Distinct().Order(StringComparer.Ordinal));

        foreach (var (route, required) in Routes)
        {
            foreach (var (role, token) in new[] { (AccessRole.None, null), (AccessRole.Viewer, Viewer), (AccessRole.Operator, Operator) })
            {
                using var answer = await client.SendAsync(Request(route, token), Cancel);
                var refused = answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden;
                Assert.True(refused == role < required || route == "GET /enter", $"{route} as {role}: {answer.StatusCode}");
                if (refused && route != "GET /enter")
                    Assert.Equal(role == AccessRole.None ? HttpStatusCode.Unauthorized : HttpStatusCode.Forbidden, answer.StatusCode);
                Assert.NotEqual(HttpStatusCode.InternalServerError, answer.StatusCode);
                Assert.Contains("frame-ancestors 'none'", answer.Headers.GetValues("Content-Security-Policy").Single(),
                    StringComparison.Ordinal);
                Assert.DoesNotContain("script-src 'self' 'unsafe-inline'", answer.Headers.GetValues("Content-Security-Policy").Single(),
                    StringComparison.Ordinal);
                Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
                Assert.Equal("no-referrer", answer.Headers.GetValues("Referrer-Policy").Single());
                var body = await answer.Content.ReadAsStringAsync(Cancel);
                Assert.DoesNotContain(Operator, body, StringComparison.Ordinal);
                Assert.DoesNotContain(Viewer, body, StringComparison.Ordinal);
                Assert.DoesNotContain(new NpgsqlConnectionStringBuilder(ConnectionString).Password ?? "no password", body,
                    StringComparison.Ordinal);
                if ((int)answer.StatusCode >= 400 && route.Contains("/api/", StringComparison.Ordinal))
                    Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
            }
        }
    }

    [Fact]
    public async Task The_document_of_the_api_names_the_routes_there_are()
    {
        await using var app = await StartAsync();
        var document = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "api.md"), Cancel);
        var told = Row().Matches(document)
            .ToDictionary(row => $"{row.Groups[1].Value} {row.Groups[2].Value}", row => row.Groups[3].Value, StringComparer.Ordinal);

        var there = Routes.Where(route => route.Key.Split(' ')[1] is var path
            && (path.StartsWith("/api/", StringComparison.Ordinal) || path.StartsWith("/health", StringComparison.Ordinal)
                || path == "/metrics"))
            .ToDictionary(route => Plain().Replace(route.Key, "{$1}"),
                route => route.Value switch { AccessRole.None => "anybody", AccessRole.Viewer => "viewer", _ => "operator" });

        Assert.Equal(there.OrderBy(one => one.Key, StringComparer.Ordinal), told.OrderBy(one => one.Key, StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_OpenAPI_document_describes_every_route_of_the_api()
    {
        await using var app = await StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        using var request = Request("GET /api/openapi.json", Viewer);
        using var answer = await client.SendAsync(request, Cancel);
        using var document = System.Text.Json.JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel));
        var described = document.RootElement.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(method => $"{method.Name.ToUpperInvariant()} {path.Name}"));

        Assert.Equal(
            Routes.Keys.Where(route => route.Contains(" /api/", StringComparison.Ordinal)
                && !route.EndsWith("openapi.json", StringComparison.Ordinal)).Select(route => Plain().Replace(route, "{$1}"))
                .Order(StringComparer.Ordinal),
            described.Where(route => route.Contains(" /api/", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    private async Task<WebApplication> StartAsync()
    {
        var options = new SchedulerOptions
        {
            ConnectionString = ConnectionString,
            StoreRoot = Store.Root,
            Tokens = AccessTokens.Of(Operator, Viewer, TimeProvider.System),
        };
        var app = SchedulerHost.Build(options, new Uri("http://127.0.0.1:0"), Database,
            new JobTransport(LedgerDatabase.OpenForTransport(ConnectionString, "tests"), TimeSpan.FromSeconds(15)),
            new SchedulerIdentity());
        await app.StartAsync(Cancel);
        return app;
    }

    private static IEnumerable<string> Mapped(WebApplication app) =>
        from endpoint in app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["*"]
        select $"{method} /{endpoint.RoutePattern.RawText!.Trim('/')}";

    private static HttpRequestMessage Request(string route, string? token)
    {
        var (method, path) = (route.Split(' ')[0], route.Split(' ')[1]);
        path = path.Replace("{id:long}", "999", StringComparison.Ordinal).Replace("{token:long}", "999", StringComparison.Ordinal)
            .Replace("{**name}", "out.txt", StringComparison.Ordinal).Replace("{name}", "dashboard.css", StringComparison.Ordinal)
            .Replace("{*name}", "out.txt", StringComparison.Ordinal).Replace("{**path}", "", StringComparison.Ordinal)
            .Replace("{kind}", "cancel", StringComparison.Ordinal);
        if (path is "/actions/cancel" or "/api/selection") path += "?what=nothing";
        var request = new HttpRequestMessage(method == "*" ? HttpMethod.Get : new HttpMethod(method), new Uri(path, UriKind.Relative));
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        if (method == "POST")
            request.Content = new StringContent("""{"kind":"cancel","what":"nothing"}""", Encoding.UTF8, "application/json");
        return request;
    }

    [GeneratedRegex(@"^\| (GET|POST) `([^`]+)` \| (\w+) \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"\{\*?\*?(\w+)(?::\w+)?\}")]
    private static partial Regex Plain();
}
