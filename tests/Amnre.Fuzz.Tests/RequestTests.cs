using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Amnre.Experiments.Plans;
using Amnre.Experiments.Reading;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Submissions;
using Amnre.Jobs.Transport;
using Amnre.Jobs.Views;
using Amnre.Scheduler;
using Amnre.Scheduler.Access;
using Amnre.Scheduler.Hosting;
using Amnre.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace Amnre.Fuzz.Tests;

/// <summary>Whole requests, damaged anywhere, to a scheduler with its real ledger: each is answered in time, none by a fault of
/// ours.</summary>
public sealed class RequestTests(TestServer server) : LedgerTest(server)
{
    private const string Operator = "operator-0123456789", Viewer = "viewer-0123456789ab";
    private const int UsualRequests = 300, MaxErrors = 5;

    /// <summary>Of all inputs of a campaign, one in so many is a request.</summary>
    private const int Share = 50;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>Milliseconds.</summary>
    private const int Pause = 250;

    /// <summary>Bytes of <c>HTTP/1.1 404</c>.</summary>
    private const int StatusLine = 12;

    private static readonly string[] Tokens =
    [
        "/", "?", "&", "=", "%", "%00", "%2e%2e/", "..", "\r\n", "\r\n\r\n", ":", "*", "@2", "GET ", "POST ", "HEAD ", "OPTIONS ", "TRACE ",
        " HTTP/1.0", "9223372036854775808", "-1", "9999999999",
        "Content-Length: 99999999999\r\n", "Transfer-Encoding: chunked\r\n", "Expect: 100-continue\r\n", "Range: bytes=5-1\r\n",
        "Host: x\r\n", "Cookie: amnre-session-80=x\r\n", "/enter?t=", "traceparent: x\r\n",
        "{", "[", "null", "\\u0000", "\\ud800", "\0",
    ];

    private readonly ConcurrentQueue<string> _errors = new();

    [Fact]
    public async Task A_request_is_answered_or_refused_whatever_is_in_it()
    {
        await using var app = await StartAsync();
        var (host, port) = (new Uri(app.Urls.First()).Host, new Uri(app.Urls.First()).Port);
        var (whole, asks) = await SeedsAsync();
        byte[][] words = [.. Tokens.Select(Encoding.Latin1.GetBytes)];
        var (anywhere, inside) = (new Mutator([.. whole.Select(Encoding.UTF8.GetBytes)], words, isText: true),
            new Mutator([.. asks.Select(Encoding.UTF8.GetBytes)], words, isText: true));
        var (count, seed) = (FuzzTests.Asked is { } asked ? Math.Max(asked / Share, UsualRequests) : UsualRequests, FuzzTests.Seed);
        var (answers, errors, begun) = (new Dictionary<int, long>(), new List<string>(), TimeProvider.System.GetTimestamp());

        for (var number = FuzzTests.Only("requests") ?? 0; number < (FuzzTests.Only("requests") is { } one ? one + 1 : count)
            && errors.Count < MaxErrors; number++)
        {
            // One in four is damaged anywhere; of the others the head is sound, so that they are read to the end.
            var request = number % 4 == 0 ? anywhere.Make(seed, (ulong)number) : WithHead(inside.Make(seed, (ulong)number));
            var status = Ask(host, port, request);
            answers[status] = answers.GetValueOrDefault(status) + 1;
            if (status is not (-1 or 500 or 503) && _errors.IsEmpty) continue;
            errors.Add($"{(status < 0 ? $"no end within {Limit.TotalSeconds} s" : $"answered {status}")} " +
                $"to\n{Encoding.UTF8.GetString(request)}\n{string.Join('\n', _errors)}\nagain: AMNRE_SEED={seed} " +
                $"AMNRE_FUZZ_CASE=requests/{number} ./test Fuzz");
            _errors.Clear();
        }

        FuzzTests.Tell(string.Create(CultureInfo.InvariantCulture,
            $"requests: {answers.Values.Sum()} inputs, " +
                $"{string.Join(", ", answers.OrderBy(one => one.Key).Select(one => $"{one.Value} × {one.Key}"))}, {errors.Count} faults, " +
                $"{TimeProvider.System.GetElapsedTime(begun).TotalSeconds:0.0} s, seed {seed}"), errors);
        Assert.True(errors.Count == 0, string.Join("\n\n", errors));
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        Assert.True((await client.GetAsync(new Uri("/health/ready", UriKind.Relative), Cancel)).IsSuccessStatusCode);
    }

    /// <returns>The status; 0 when the connection was closed without one, -1 when it was not.</returns>
    private static int Ask(string host, int port, byte[] request)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp)
        {
            ReceiveTimeout = Pause,
            SendTimeout = (int)Limit.TotalMilliseconds,
        };
        var (head, length, ended, begun) = (new byte[StatusLine], 0, false, TimeProvider.System.GetTimestamp());
        try
        {
            socket.Connect(host, port);
            socket.Send(request);
            while (length < head.Length && TimeProvider.System.GetElapsedTime(begun) < Limit)
            {
                try
                {
                    var count = socket.Receive(head, length, head.Length - length, SocketFlags.None);
                    if (count == 0) return 0;
                    length += count;
                }
                catch (SocketException late) when (late.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock)
                {
                    // A request that is cut short would be waited for; one that is whole is given up where its sender leaves.
                    if (!ended) socket.Shutdown(SocketShutdown.Send);
                    ended = true;
                }
            }

            return length < head.Length
                ? -1
                : int.TryParse(Encoding.ASCII.GetString(head, 9, 3), CultureInfo.InvariantCulture, out var status) ? status : 0;
        }
        catch (SocketException)
        {
            return 0;
        }
    }

    /// <returns>Whole requests, and what they ask without their heads.</returns>
    private async Task<(List<string> Whole, List<string> Asks)> SeedsAsync()
    {
        var id = (await SubmitAsync(Plan("e", "first", "second: first"))).ExperimentId;
        await RunAsync(id, "first", "text");
        var (first, second) = ((await JobAsync(id, "first")).Id, (await JobAsync(id, "second")).Id);
        var plan = JsonSerializer.Serialize(
            new PlanDocument(Planner.Plan(ExperimentReader.Read(Path.Combine(Repository.Root, "experiments", "quickstart.yaml")))),
            ApiJson.Options);
        var gets = new[]
        {
            "/", $"/experiments/{id}", $"/experiments/{id}/graph?open=sample",
            $"/experiments/{id}/runs?sort=-lr&where=loss%3C0.4&group=lr&column=lr&after=3&rows=evaluations",
            $"/experiments/{id}/runs.csv?where=name~a",
            $"/experiments/{id}/parallel?where=lr%3E0", $"/experiments/{id}/curves?job={first}&smooth=0.5&log=1&time=1",
            $"/experiments/{id}/figures?type=corner&run=3", $"/experiments/{id}/jobs?state=running&after=3",
            $"/experiments/{id}/events?before=17", $"/jobs/{first}", "/workers", "/queue", "/events?before=9", "/artifacts/1/out.txt",
            "/assets/dashboard.css", "/hangfire/", "/login", "/actions/pause?what=e", "/metrics", "/health/ready",
            "/api/openapi.json", "/api/access", "/api/selection?what=e%2Ffirst", "/api/experiments?most=10", $"/api/experiments/{id}",
            $"/api/experiments/{id}/files", $"/api/experiments/{id}/events?after=0&most=10",
            $"/api/jobs/{first}", $"/api/jobs/{second}/attempts", $"/api/jobs/{second}/explanation",
            $"/api/jobs/{first}/log?after=17:4096,18:0&tail=5&attempt=1", $"/api/jobs/{first}/files/out.txt", "/api/events?after=3",
            "/api/queue?most=3",
            "/api/workers", "/api/schedulers", "/api/pools", "/api/allocations",
        };
        var actions = new[]
        {
            """{"kind":"pause","what":"e","drain":true}""", """{"kind":"prioritize","what":"e@1","priority":7}""",
            """{"kind":"retry","what":"e/second","where":["state=failed"]}""",
            """{"kind":"drain","what":"w*"}""", """{"kind":"rerun","what":"e/first"}""", """{"kind":"resume","what":"e"}""",
        };
        // Method, path and body, a line each.
        List<string> asks =
        [
            .. gets.Select(path => $"GET {path}\n"), .. actions.Select(body => $"POST /api/actions\n{body}"),
            .. actions.Select(body => $"POST /api/actions\n{body}"),
            $"POST /api/experiments\n{plan}", $"POST /api/experiments/extension\n{plan}", "POST /login\ntoken=x&antiforgery=y",
            "POST /actions/cancel\nwhat=e&drain=on&antiforgery=y",
            "POST /logout\n--b\r\nContent-Disposition: form-data; name=\"antiforgery\"\r\n\r\ny\r\n--b--\r\n",
        ];
        return ([.. asks.Select(ask => Encoding.UTF8.GetString(WithHead(Encoding.UTF8.GetBytes(ask))))], asks);
    }

    /// <summary>A request as HTTP wants it, for a method, a path and a body.</summary>
    private static byte[] WithHead(byte[] ask)
    {
        var end = Array.IndexOf(ask, (byte)'\n') is >= 0 and var found ? found : ask.Length;
        var (line, body) = (Encoding.UTF8.GetString(ask, 0, end).Split(' ', 2), ask[Math.Min(end + 1, ask.Length)..]);
        var method = line[0].Length is > 0 and < 20 && line[0].All(char.IsAsciiLetterUpper) ? line[0] : "GET";
        var path = string.Concat((line is [_, var given] ? given : "/").Take(4000)
            .Select(c => c is > ' ' and < '\x7f' ? c.ToString() : Uri.EscapeDataString(char.IsSurrogate(c) ? "?" : c.ToString())));
        var type = path.StartsWith("/api", StringComparison.Ordinal) ? "application/json" : body is [(byte)'-', ..]
            ? "multipart/form-data; boundary=b" : "application/x-www-form-urlencoded";
        var head = $"{method} {(path.StartsWith('/') ? path : "/" + path)} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " +
            $"{Operator}\r\nConnection: close\r\nAccept: application/json\r\n"
            + (body.Length == 0 ? "\r\n" : $"Content-Type: {type}\r\nContent-Length: {body.Length}\r\n\r\n");
        return [.. Encoding.UTF8.GetBytes(head), .. body];
    }

    private async Task<WebApplication> StartAsync()
    {
        var loggers = LoggerFactory.Create(logging => logging.AddProvider(new Errors(_errors)));
        var options = new SchedulerOptions
        {
            ConnectionString = ConnectionString,
            StoreRoot = Store.Root,
            Tokens = AccessTokens.Of(Operator, Viewer, TimeProvider.System),
            Loggers = loggers,
        };
        var app = SchedulerHost.Build(options, new Uri("http://127.0.0.1:0"), Database,
            new JobTransport(LedgerDatabase.OpenForTransport(ConnectionString, "tests"), TimeSpan.FromSeconds(15)),
            new SchedulerIdentity());
        await app.StartAsync(Cancel);
        return app;
    }

    private sealed class Errors(ConcurrentQueue<string> list) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) list.Enqueue($"{formatter(state, exception)}\n{exception}");
        }

        public void Dispose() { }
    }
}
