using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Amnre.Experiments.Plans;
using Amnre.Experiments.Reading;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Submissions;
using Amnre.Jobs.Transport;
using Amnre.Jobs.Views;
using Amnre.Scheduler.Access;
using Amnre.Scheduler.Hosting;
using Amnre.Testing;
using Microsoft.AspNetCore.Builder;

namespace Amnre.Scheduler.Tests.Hosting;

/// <summary>What people do by pages and programs by the API, against a real ledger.</summary>
public sealed partial class ActionTests(TestServer server) : LedgerTest(server)
{
    private const string Operator = "operator-0123456789", Viewer = "viewer-0123456789ab";

    private WebApplication _app = null!;
    private HttpClient _client = null!;

    [Fact]
    public async Task An_operator_pauses_by_a_form_that_asks_again_and_the_trail_tells_who()
    {
        await StartAsync();
        var id = (await SubmitAsync(Plan("e", "first", "second: first"))).ExperimentId;
        await SignInAsync(Operator);

        Assert.Contains("action=\"/actions/pause\"", await TextAsync($"/experiments/{id}"), StringComparison.Ordinal);
        var question = await TextAsync("/actions/pause?what=e@1");
        Assert.False((await SnapshotAsync(id)).Experiment.Paused);
        var answer = await PostAsync("/actions/pause",
            new() { ["what"] = "e@1", ["drain"] = "on", ["antiforgery"] = Antiforgery(question) });

        Assert.Contains("paused: e", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.True((await SnapshotAsync(id)).Experiment.Paused);
        Assert.Equal("operator at 127.0.0.1: pause e@1 --drain",
            Assert.Single(await Views.EventsAsync(id, 0, 100, Cancel), one => one.Kind == "asked").Message);
    }

    [Fact]
    public async Task A_form_without_its_antiforgery_field_or_from_another_site_does_nothing()
    {
        await StartAsync();
        var id = (await SubmitAsync(Plan("e", "first"))).ExperimentId;
        await SignInAsync(Operator);
        var field = Antiforgery(await TextAsync("/actions/cancel?what=e"));

        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync("/actions/cancel", new() { ["what"] = "e" })).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync("/logout", [])).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden,
            (await PostAsync("/actions/cancel", new() { ["what"] = "e", ["antiforgery"] = field },
                ("Origin", "https://evil.example.org"))).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden,
            (await PostAsync("/actions/cancel", new() { ["what"] = "e", ["antiforgery"] = field },
                ("Sec-Fetch-Site", "cross-site"))).StatusCode);
        Assert.Equal(ExperimentState.Running, (await SnapshotAsync(id)).Experiment.State);
        Assert.Equal(0, await ScalarAsync<int>("select count(*)::int from amnre.events where kind = 'asked'"));
    }

    [Fact]
    public async Task A_viewer_sees_no_buttons_and_wrong_tokens_slow_down_nobody_else()
    {
        await StartAsync();
        var id = (await SubmitAsync(Plan("e", "first"))).ExperimentId;
        var entered = await SignInAsync(Viewer);
        var cookie = entered.Headers.GetValues("Set-Cookie").Single(one => one.StartsWith("amnre-session-", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Viewer, cookie, StringComparison.Ordinal);
        Assert.DoesNotContain("/actions/", await TextAsync($"/experiments/{id}"), StringComparison.Ordinal);

        var codes = new List<HttpStatusCode>();
        for (var attempt = 0; attempt < 12; attempt++) codes.Add((await SignInAsync("wrong-wrong-wrong-" + attempt)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, codes[0]);
        Assert.Equal(HttpStatusCode.TooManyRequests, codes[^1]);
        // Whoever has the right one is kept out by nobody's wrong ones, not even for the second that each of those takes.
        var began = TimeProvider.System.GetTimestamp();
        Assert.Equal(HttpStatusCode.OK, (await GetAsync("/api/access")).StatusCode);
        Assert.InRange(TimeProvider.System.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(0.9));
        Assert.Equal(HttpStatusCode.Redirect, (await SignInAsync(Operator)).StatusCode);
        await TextAsync("/workers");
    }

    [Fact]
    public async Task A_plan_from_elsewhere_is_submitted_once_and_a_forged_one_is_refused()
    {
        await StartAsync();
        var plan = Planner.Plan(ExperimentReader.Read(Path.Combine(Repository.Root, "experiments", "quickstart.yaml")));
        var forged = plan with { Jobs = [plan.Jobs[0] with { Key = plan.Jobs[0].Key + " " }, .. plan.Jobs.Skip(1)] };
        var strange = plan with { Jobs = [plan.Jobs[0] with { Settings = """{"value":1}""" }, .. plan.Jobs.Skip(1)] };

        using var refused = await ApiAsync("/api/experiments", new PlanDocument(forged, Build: ProgramVersion.Build),
            HttpStatusCode.BadRequest);
        using var unknown = await ApiAsync("/api/experiments", new PlanDocument(strange, Build: ProgramVersion.Build),
            HttpStatusCode.BadRequest);
        using var accepted = await ApiAsync("/api/experiments", new PlanDocument(plan, 5, Owner: "ann", Build: ProgramVersion.Build),
            HttpStatusCode.OK);
        using var again = await ApiAsync("/api/experiments", new PlanDocument(plan, Build: ProgramVersion.Build), HttpStatusCode.OK);
        using var unsaid = await ApiAsync("/api/experiments", new PlanDocument(plan), HttpStatusCode.BadRequest);
        using var older = await ApiAsync("/api/experiments/extension", new PlanDocument(plan, Build: "0.0.1+000000000000"),
            HttpStatusCode.BadRequest);
        using var large = await ApiAsync("/api/experiments", new PlanDocument(plan, Build: ProgramVersion.Build, DiskBytes: 1e24),
            HttpStatusCode.BadRequest);
        using var garbled = await ApiAsync("/api/experiments", new { plan = 1 }, HttpStatusCode.BadRequest);

        Assert.Contains("made by version one that does not say which it is", unsaid.RootElement.GetProperty("detail").GetString(),
            StringComparison.Ordinal);
        Assert.Contains("made by version 0.0.1+000000000000", older.RootElement.GetProperty("detail").GetString(),
            StringComparison.Ordinal);
        Assert.Contains("draw fewer rows", large.RootElement.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Contains("is not that of its key", refused.RootElement.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Contains("are not those of its kind", unknown.RootElement.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.True(again.RootElement.GetProperty("attached").GetBoolean());
        var snapshot = await SnapshotAsync(accepted.RootElement.GetProperty("experiment_id").GetInt64());
        Assert.Equal((plan.Jobs.Count, 5, "ann"), (snapshot.Jobs.Count, snapshot.Experiment.Priority, snapshot.Experiment.Owner));
    }

    [Fact]
    public async Task A_published_file_is_served_to_be_saved_and_nothing_else_of_the_store_is()
    {
        await StartAsync();
        var id = (await SubmitAsync(Plan("e", "first"))).ExperimentId;
        await RunAsync(id, "first", "<script>alert(1)</script>");
        var job = (await JobAsync(id, "first")).Id;

        using var file = await GetAsync($"/api/jobs/{job}/files/out.txt");
        Assert.Equal("<script>alert(1)</script>", await file.Content.ReadAsStringAsync(Cancel));
        Assert.Equal(("application/octet-stream", "attachment"),
            (file.Content.Headers.ContentType!.MediaType, file.Content.Headers.ContentDisposition!.DispositionType));
        foreach (var other in new[] { "../out.txt", "..%2f..%2fout.txt", "%2fetc%2fpasswd" })
            Assert.Equal(HttpStatusCode.NotFound, (await GetAsync($"/api/jobs/{job}/files/{other}")).StatusCode);
    }

    [Fact]
    public async Task Every_query_of_the_Grafana_dashboard_names_a_metric_that_exists()
    {
        await StartAsync();
        var id = (await SubmitAsync(Plan("e", "first", "second: first"))).ExperimentId;
        await StartAsync(id, "first");
        var text = await (await GetAsync("/metrics")).Content.ReadAsStringAsync(Cancel);
        var metrics = MetricName().Matches(text).Select(match => match.Value).ToHashSet(StringComparer.Ordinal);

        Assert.Contains("amnre_jobs{state=\"running\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("amnre_jobs{state=\"waiting\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("amnre_attempts_running 1\n", text, StringComparison.Ordinal);
        Assert.Contains("amnre_dispatch_latency_seconds{quantile=\"0.5\"}", text, StringComparison.Ordinal);
        Assert.Contains("amnre_lease_renewal_age_seconds ", text, StringComparison.Ordinal);
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            Assert.Matches("""^(# (HELP|TYPE) .+|amnre_[a-z_]+(\{[a-z]+="[^"]*"\})? -?[0-9.E+-]+)$""", line);
        using var dashboard = JsonDocument.Parse(
            await File.ReadAllTextAsync(Path.Combine(Repository.Root, "deploy", "grafana", "amnre.json"), Cancel));
        var queries = dashboard.RootElement.GetProperty("panels").EnumerateArray()
            .SelectMany(panel => panel.GetProperty("targets").EnumerateArray())
            .Select(target => target.GetProperty("expr").GetString()!).ToList();
        Assert.NotEmpty(queries);
        Assert.All(queries, query => Assert.All(MetricName().Matches(query), name => Assert.Contains(name.Value, metrics)));
        Assert.All(queries, query => Assert.NotEmpty(MetricName().Matches(query)));
    }

    public override async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        if (_app is not null) await _app.DisposeAsync();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private async Task StartAsync()
    {
        var options = new SchedulerOptions
        {
            ConnectionString = ConnectionString,
            StoreRoot = Store.Root,
            Tokens = AccessTokens.Of(Operator, Viewer, TimeProvider.System),
        };
        _app = SchedulerHost.Build(options, new Uri("http://127.0.0.1:0"), Database,
            new JobTransport(LedgerDatabase.OpenForTransport(ConnectionString, "tests"), TimeSpan.FromSeconds(15)),
            new SchedulerIdentity());
        await _app.StartAsync(Cancel);
        _client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(_app.Urls.First()) };
    }

    private async Task<HttpResponseMessage> SignInAsync(string token) =>
        await PostAsync("/login",
            new()
            {
                ["token"] = token,
                ["antiforgery"] = Antiforgery(
                    await (await _client.GetAsync(new Uri("/login", UriKind.Relative), Cancel)).Content.ReadAsStringAsync(Cancel))
            });

    private async Task<string> TextAsync(string path)
    {
        using var answer = await _client.GetAsync(new Uri(path, UriKind.Relative), Cancel);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync(Cancel);
    }

    private Task<HttpResponseMessage> GetAsync(string path)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Viewer);
        return _client.SendAsync(request, Cancel);
    }

    private Task<HttpResponseMessage> PostAsync(string path, Dictionary<string, string> form, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative))
        {
            Content = new FormUrlEncodedContent(form),
        };
        foreach (var (name, value) in headers) request.Headers.Add(name, value);
        return _client.SendAsync(request, Cancel);
    }

    private async Task<JsonDocument> ApiAsync<T>(string path, T body, HttpStatusCode expected)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative))
        {
            Content = new StringContent(JsonSerializer.Serialize(body, ApiJson.Options), Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Operator);
        using var answer = await _client.SendAsync(request, Cancel);
        var text = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.True(answer.StatusCode == expected, text);
        return JsonDocument.Parse(text);
    }

    private static string Antiforgery(string page) => page.Split("name=\"antiforgery\" value=\"")[1].Split('"')[0];

    [GeneratedRegex("amnre_[a-z_]+")]
    private static partial Regex MetricName();
}
