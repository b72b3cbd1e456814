using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using Amnre.Engine;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Specs;
using Amnre.Jobs.Submissions;
using Amnre.Scheduler.Access;
using Amnre.Scheduler.Hosting;
using Amnre.Testing;

namespace Amnre.Scheduler.Tests.Hosting;

public sealed class SchedulerHostTests(TestServer server) : LedgerTest(server)
{
    private const string Token = "0123456789abcdef0123";

    [Fact]
    public async Task The_pages_show_what_the_ledger_holds_and_encode_it()
    {
        await using var host = await StartAsync(Token, signedIn: true);
        var submitted = await SubmitAsync(Plan("hostile", "first | <script>alert(1)</script>", "second: first"));
        var ticket = await StartHandedOutAsync(submitted.ExperimentId, "first");
        Attempts.Beat("w1", ticket.Token, Lease,
            new ReportedProgress(25, 100, "<b>steps</b>", new Dictionary<string, double> { ["loss"] = 0.125 }, 75));

        var list = await host.GetAsync("/");
        var page = await host.GetAsync($"/experiments/{submitted.ExperimentId}");
        var job = await host.GetAsync($"/jobs/{ticket.JobId}");
        var workers = await host.GetAsync("/workers");

        Assert.Contains("hostile", list, StringComparison.Ordinal);
        Assert.Contains("25\u202f%", WebUtility.HtmlDecode(page), StringComparison.Ordinal);
        Assert.Contains("0.125", page, StringComparison.Ordinal);
        // What a running job has left counts on both pages, before any job has ended.
        Assert.Contains("about 1 min 15 s", list, StringComparison.Ordinal);
        Assert.Contains("about <b>1 min 15 s</b> left", page, StringComparison.Ordinal);
        Assert.Contains("waits for 1 job", page, StringComparison.Ordinal);
        Assert.Contains("w1", workers, StringComparison.Ordinal);
        Assert.All([list, page, job, workers], text =>
        {
            Assert.DoesNotContain("<script>alert", text, StringComparison.Ordinal);
            Assert.DoesNotContain("<b>steps", text, StringComparison.Ordinal);
        });
        Assert.Contains("&lt;script&gt;alert(1)", job, StringComparison.Ordinal);
        Assert.Contains("out of reach", await host.GetAsync("/assets/dashboard.js"), StringComparison.Ordinal);
        Assert.Contains("Amnre transport", await host.GetAsync("/hangfire"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await host.AskAsync("/experiments/999")).StatusCode);
    }

    [Fact]
    public async Task An_address_that_is_taken_or_of_another_machine_is_named()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        foreach (var address in new[] { $"http://{taken.LocalEndpoint}", "http://192.0.2.1:8080" })
        {
            var refused = await Assert.ThrowsAsync<InputException>(() => SchedulerHost.RunAsync(
                new SchedulerOptions
                {
                    ConnectionString = ConnectionString,
                    StoreRoot = Store.Root,
                    Listen = address,
                    Tokens = AccessTokens.Of(Token, null, TimeProvider.System),
                }, Cancel));
            Assert.Contains(address, refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_api_gives_the_same_facts_as_json()
    {
        await using var host = await StartAsync(Token, signedIn: true);
        var submitted = await SubmitAsync(Plan("e", "first", "second: first"));
        var ticket = await StartHandedOutAsync(submitted.ExperimentId, "first");
        Assert.True(await Attempts.CommitAsync(ticket, Make(ticket), Cancel));
        await UntilAsync(async () => (await SnapshotAsync(submitted.ExperimentId)).Experiment.Succeeded == 1);

        using var snapshot = JsonDocument.Parse(await host.GetAsync($"/api/experiments/{submitted.ExperimentId}"));
        using var files = JsonDocument.Parse(await host.GetAsync($"/api/experiments/{submitted.ExperimentId}/files"));
        using var health = JsonDocument.Parse(await host.GetAsync("/health"));

        Assert.Equal("succeeded", snapshot.RootElement.GetProperty("jobs")[0].GetProperty("state").GetString());
        Assert.Equal("e/results/first.txt", files.RootElement[0].GetProperty("friendly_path").GetString());
        Assert.True(health.RootElement.GetProperty("leader").GetBoolean());
    }

    [Fact]
    public async Task The_scheduler_dispatches_by_priority_and_keeps_the_transport_shallow()
    {
        var low = await SubmitAsync(Plan("low", [.. Enumerable.Range(0, 10).Select(n => $"job{n}")]));
        var high = await Submission.SubmitAsync(Plan("high", "urgent1", "urgent2", "urgent3"), new SubmitOptions { Priority = 10 }, Cancel);
        await using var host = await StartAsync(Token, signedIn: true);

        await UntilAsync(async () => (await SnapshotAsync(high.ExperimentId)).Jobs.All(job => job.State == JobState.Queued));

        // Two registered workers with a slot each: four jobs are handed over.
        await UntilAsync(async () => await ScalarAsync<int>("select count(*)::int from hangfire.jobqueue") == 4);
        await Task.Delay(1500, Cancel);
        Assert.Equal(4, await ScalarAsync<int>("select count(*)::int from hangfire.jobqueue"));
        Assert.Equal("job0", Assert.Single((await SnapshotAsync(low.ExperimentId)).Jobs, job => job.State == JobState.Queued).Name);
    }

    [Fact]
    public async Task A_token_is_asked_for_everywhere_but_at_the_health_probe()
    {
        await using var host = await StartAsync(Token);

        foreach (var path in new[] { "/", "/workers", "/api/experiments", "/hangfire" })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await host.AskAsync(path)).StatusCode);
        }

        Assert.Equal(HttpStatusCode.OK, (await host.AskAsync("/health")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await host.AskAsync("/api/experiments", "wrong-wrong-wrong")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await host.AskAsync("/api/experiments", Token)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await host.SignInAsync("wrong-wrong-wrong")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await host.SignInAsync(Token)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await host.AskAsync("/hangfire")).StatusCode);
    }

    [Fact]
    public async Task Two_schedulers_of_one_host_have_sessions_of_their_own_and_leaving_one_ends_it_for_copies_too()
    {
        await using var first = await StartAsync(Token);
        await using var second = await StartAsync(Token);
        var jar = new CookieContainer();
        using var browser = new HttpClient(new SocketsHttpHandler { CookieContainer = jar });
        Uri At(RunningHost host, string path) => new(host.Address, path);
        async Task<HttpStatusCode> SeenAsync(RunningHost host) => (await browser.GetAsync(At(host, "/workers"), Cancel)).StatusCode;
        async Task PostAsync(RunningHost host, string page, string path)
        {
            var form = await browser.GetStringAsync(At(host, page), Cancel);
            var fields = new Dictionary<string, string>
            {
                ["token"] = Token,
                ["antiforgery"] = form.Split("name=\"antiforgery\" value=\"")[1].Split('"')[0],
            };
            Assert.Equal(HttpStatusCode.OK,
                (await browser.PostAsync(At(host, path), new FormUrlEncodedContent(fields), Cancel)).StatusCode);
        }

        await PostAsync(first, "/login", "/login");
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), (await SeenAsync(first), await SeenAsync(second)));
        // The one's cookie by the other's name, as nobody's browser would send it.
        var session = jar.GetAllCookies().Single(cookie => cookie.Name.StartsWith("amnre-session-", StringComparison.Ordinal));
        using (var forged = new HttpRequestMessage(HttpMethod.Get, At(second, "/workers"))
        {
            Headers = { { "Cookie", $"amnre-session-{second.Address.Port}={session.Value}" } },
        })
        using (var plain = new HttpClient(new SocketsHttpHandler { UseCookies = false }))
            Assert.Equal(HttpStatusCode.Unauthorized, (await plain.SendAsync(forged, Cancel)).StatusCode);
        await PostAsync(second, "/login", "/login");
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (await SeenAsync(first), await SeenAsync(second)));

        await PostAsync(first, "/", "/logout");
        jar.Add(first.Address, new Cookie(session.Name, session.Value));
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (await SeenAsync(first), await SeenAsync(second)));
    }

    [Fact]
    public async Task Who_asks_for_json_is_refused_in_json_and_who_looks_by_a_page()
    {
        await using var host = await StartAsync(Token);

        foreach (var path in new[] { "/hangfire", "/jobs/1", "/api/experiments" })
        {
            var program = await host.AskAsync(path, accept: "application/json");
            Assert.Equal((HttpStatusCode.Unauthorized, "application/problem+json"),
                (program.StatusCode, program.Content.Headers.ContentType?.MediaType));
            using var problem = JsonDocument.Parse(await program.Content.ReadAsStringAsync(Cancel));
            Assert.Equal(401, problem.RootElement.GetProperty("status").GetInt32());
        }

        var person = await host.AskAsync("/hangfire", accept: "text/html,application/xhtml+xml,application/json;q=0.1");
        Assert.Equal((HttpStatusCode.Unauthorized, "text/html"), (person.StatusCode, person.Content.Headers.ContentType?.MediaType));
    }

    [Fact]
    public async Task A_foreign_name_for_a_local_address_gets_no_answer()
    {
        await using var host = await StartAsync(null);

        Assert.Equal(HttpStatusCode.Unauthorized, (await host.AskAsync("/")).StatusCode);
        Assert.Equal(HttpStatusCode.MisdirectedRequest, (await host.AskAsync("/", host: "evil.example.org")).StatusCode);
    }

    private async Task<RunningHost> StartAsync(string? token, bool signedIn = false)
    {
        var listening = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var stop = new CancellationTokenSource();
        var run = SchedulerHost.RunAsync(
            new SchedulerOptions
            {
                ConnectionString = ConnectionString,
                StoreRoot = Store.Root,
                Tokens = AccessTokens.Of(token, null, TimeProvider.System),
                // The workers of these tests are only names in the ledger and say nothing.
                HeartbeatTimeout = TimeSpan.FromHours(1),
                OnListening = listening.SetResult,
            }, stop.Token);
        await Task.WhenAny(listening.Task, run);
        var host = new RunningHost(await listening.Task, stop, run);
        if (signedIn) Assert.Equal(HttpStatusCode.OK, (await host.SignInAsync(token!)).StatusCode);
        return host;
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        for (var waited = 0; !await holds(); waited++)
        {
            Assert.True(waited < 6000, "not within five minutes");
            await Task.Delay(50, Cancel);
        }
    }

    private sealed class RunningHost(string address, CancellationTokenSource stop, Task run) : IAsyncDisposable
    {
        private readonly HttpClient _client = new() { BaseAddress = new Uri(address) };

        public Uri Address { get; } = new(address);

        public async Task<string> GetAsync(string path)
        {
            var answer = await AskAsync(path);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            return await answer.Content.ReadAsStringAsync(Cancel);
        }

        public Task<HttpResponseMessage> AskAsync(string path, string? token = null, string? host = null, string? accept = null)
        {
            var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
            request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
            request.Headers.Host = host;
            if (accept is not null) request.Headers.Accept.ParseAdd(accept);
            return _client.SendAsync(request, Cancel);
        }

        public async Task<HttpResponseMessage> SignInAsync(string token)
        {
            var form = await (await AskAsync("/login")).Content.ReadAsStringAsync(Cancel);
            var antiforgery = form.Split("name=\"antiforgery\" value=\"")[1].Split('"')[0];
            return await _client.PostAsync(new Uri("/login", UriKind.Relative),
                new FormUrlEncodedContent(new Dictionary<string, string> { ["token"] = token, ["antiforgery"] = antiforgery }), Cancel);
        }

        public async ValueTask DisposeAsync()
        {
            _client.Dispose();
            await stop.CancelAsync();
            await run;
            stop.Dispose();
        }
    }
}
