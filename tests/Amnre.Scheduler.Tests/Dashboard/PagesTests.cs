using System.Diagnostics;
using System.Globalization;
using System.Net;
using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Specs;
using Amnre.Scheduler.Access;
using Amnre.Scheduler.Hosting;
using Amnre.Testing;

namespace Amnre.Scheduler.Tests.Dashboard;

public sealed class PagesTests(TestServer server) : LedgerTest(server)
{
    private const string Token = "0123456789abcdef0123";

    private static readonly string[] Parts = ["", "/graph", "/graph?open=train&open=sample", "/runs", "/runs?group=state",
        "/curves?log=1&smooth=0.9", "/parallel", "/figures", "/jobs", "/events", "/runs.csv"];

    [Fact]
    public async Task Every_page_shows_what_the_ledger_holds_and_encodes_it()
    {
        const string Hostile = "<script>alert(1)</script>";
        await using var host = await HostAsync();
        var submitted = await SubmitAsync(Study("study", 3, Hostile));
        var ticket = await StartHandedOutAsync(submitted.ExperimentId, "train/0");
        Attempts.Beat("w1", ticket.Token, Lease,
            new ReportedProgress(1, 4, Hostile, new Dictionary<string, double> { ["loss"] = 0.125, [Hostile] = 1 }, 75));
        Directory.CreateDirectory(ticket.OutputDirectory);
        await File.WriteAllTextAsync(Path.Combine(ticket.OutputDirectory, "model.csv"),
            "epoch,time,lr,mean,std\n1,2,0.1,0.75,0.1\n2,2,0.1,0.5,0.1\n", Cancel);
        Directory.CreateDirectory(Path.GetDirectoryName(AttemptLogs.File(Store, ticket.Token))!);
        await File.WriteAllTextAsync(AttemptLogs.File(Store, ticket.Token), $"first line {Hostile}\n", Cancel);

        var pages = new Dictionary<string, string>();
        foreach (var part in Parts) pages[part] = await host.GetAsync($"/experiments/{submitted.ExperimentId}{part}");
        foreach (var path in new[] { "/", "/queue", "/events", "/workers", $"/jobs/{ticket.JobId}", "/queue?after=x", "/events?before=-1" })
            pages[path] = await host.GetAsync(path);
        var hostile = await host.GetAsync(
            $"/experiments/{submitted.ExperimentId}/runs?sort={Uri.EscapeDataString(Hostile)}&column=" +
                $"{Uri.EscapeDataString(Hostile)}&where={Uri.EscapeDataString(Hostile)}&group=");
        pages["hostile"] = hostile;

        Assert.All(pages.Where(page => page.Key != "/runs.csv"),
            page => Assert.DoesNotContain("<script>alert", page.Value, StringComparison.Ordinal));
        Assert.Contains("1 running", pages["/graph"], StringComparison.Ordinal);
        Assert.Contains("train/2", pages["/graph?open=train&open=sample"], StringComparison.Ordinal);
        Assert.Contains("0.125", pages["/runs"], StringComparison.Ordinal);
        Assert.Contains("<path data-key=\"c", pages["/curves?log=1&smooth=0.9"], StringComparison.Ordinal);
        Assert.StartsWith("name,state,progress,seconds,", pages["/runs.csv"], StringComparison.Ordinal);
        Assert.Equal(4, pages["/runs.csv"].Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("first line &lt;script&gt;", pages[$"/jobs/{ticket.JobId}"], StringComparison.Ordinal);
        Assert.Contains("runs on w1", pages[$"/jobs/{ticket.JobId}"], StringComparison.Ordinal);
        Assert.Contains("train/1", pages["/queue"], StringComparison.Ordinal);
        Assert.All(Parts, part => Assert.Equal(HttpStatusCode.NotFound, host.Ask($"/experiments/999999{part}").StatusCode));
    }

    [Fact]
    public async Task Published_files_are_served_by_token_and_name_and_nothing_else_is()
    {
        await using var host = await HostAsync();
        var submitted = await SubmitAsync(Study("study", 1, "x"));
        var ticket = await StartHandedOutAsync(submitted.ExperimentId, "train/0");
        Assert.True(await Attempts.CommitAsync(ticket, Make(ticket, "picture"), Cancel));
        await File.WriteAllTextAsync(Path.Combine(Store.Root, "secret.txt"), "secret", Cancel);

        var file = host.Ask($"/artifacts/{ticket.Token}/figure.png");
        var job = await host.GetAsync($"/jobs/{ticket.JobId}");

        Assert.Equal((HttpStatusCode.OK, "image/png"), (file.StatusCode, file.Content.Headers.ContentType?.MediaType));
        Assert.Equal("picture", await file.Content.ReadAsStringAsync(Cancel));
        Assert.Equal("attachment", host.Ask($"/artifacts/{ticket.Token}/model.csv").Content.Headers.ContentDisposition?.DispositionType);
        Assert.Contains($"<img loading=\"lazy\" src=\"/artifacts/{ticket.Token}/figure.png\"", job, StringComparison.Ordinal);
        Assert.All(new[] { "secret.txt", "../../../../secret.txt", "..%2F..%2F..%2F..%2Fsecret.txt", "%2e%2e/%2e%2e/secret.txt", "" },
            name => Assert.NotEqual(HttpStatusCode.OK, host.Ask($"/artifacts/{ticket.Token}/{name}").StatusCode));
    }

    [Fact]
    public async Task Ten_thousand_jobs_load_within_a_second()
    {
        await using var host = await HostAsync();
        var submitted = await SubmitAsync(Study("big", 1, "x"));
        await ExecuteAsync(
            """
            insert into amnre.jobs (experiment_id, ordinal, name, kind, fingerprint, key, settings, outputs, cpus, gpus, memory_bytes, queue, priority, state, unmet, finished_at)
            select @id, 10 + n, 'train/big-' || n, 'train', md5('a' || n) || md5('b' || n), '{}', json_build_object('lr', 1.0 / n, 'seed', n, 'net', 'net' || n % 7, 'epochs', 100)::text,
              '[]', 1, 0, 0, 'plain', 0, case n % 3 when 0 then 'cancelled' when 1 then 'skipped' else 'failed' end, 0, now() from generate_series(1, 10000) n
            """, new { id = submitted.ExperimentId });
        await ExecuteAsync("insert into amnre.edges (job_id, ordinal, role, producer_id, output) select j.id, 0, 'samples', (select " +
            "min(id) from amnre.jobs), 'out.txt' from amnre.jobs j where j.ordinal > 10");
        await ExecuteAsync("analyze amnre.jobs; analyze amnre.edges");

        foreach (var part in new[] { "", "/graph", "/graph?open=train", "/runs", "/runs?sort=-lr&where=net=net3", "/runs?group=net",
            "/parallel", "/jobs?state=failed&after=5000" })
        {
            await host.GetAsync($"/experiments/{submitted.ExperimentId}{part}");
            var times = new List<double>();
            // Beside other work a load now and then is slow: what counts is the quickest.
            while (times.Count < 3 || (times.Min() >= 1000 && times.Count < 60))
            {
                var begin = Stopwatch.GetTimestamp();
                await host.GetAsync($"/experiments/{submitted.ExperimentId}{part}");
                times.Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
            }

            TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{times.Min():0} ms {part}"));
            Assert.True(times.Min() < 1000, $"{part} took {times.Min():0} ms");
        }
    }

    private static ExperimentPlan Study(string name, int trainings, string value)
    {
        JobSpec Job(string job, JobKind kind, string settings, params JobInput[] inputs) => new()
        {
            Name = job,
            Kind = kind,
            Settings = settings,
            Key = $"{name} {job} {settings}",
            Fingerprint = Fingerprint.Of($"{name} {job} {settings}"),
            Inputs = inputs,
            Outputs = [new JobOutput("model.csv", null, Measured: true), new JobOutput("figure.png", null)],
        };
        return new ExperimentPlan(name, "",
            [.. Enumerable.Range(0, trainings)
                .Select(i => Job($"train/{i}", JobKind.Train, $$"""{"lr":0.{{i + 1}},"net":"{{value}}{{i}}"}""")),
            Job("evaluate/truth/0", JobKind.Evaluate, $$"""{"net":"{{value}}"}""", new JobInput("model", "train/0", "model.csv"))]);
    }

    private async Task<Host> HostAsync()
    {
        var listening = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var stop = new CancellationTokenSource();
        var run = SchedulerHost.RunAsync(new SchedulerOptions
        {
            ConnectionString = ConnectionString,
            StoreRoot = Store.Root,
            HeartbeatTimeout = TimeSpan.FromHours(1),
            Tokens = AccessTokens.Of(Token, null, TimeProvider.System),
            OnListening = listening.SetResult,
        }, stop.Token);
        await Task.WhenAny(listening.Task, run);
        return new Host(await listening.Task, stop, run);
    }

    private sealed class Host(string address, CancellationTokenSource stop, Task run) : IAsyncDisposable
    {
        private readonly HttpClient _client = new()
        {
            BaseAddress = new Uri(address),
            DefaultRequestHeaders = { Authorization = new("Bearer", Token) },
        };

        public async Task<string> GetAsync(string path)
        {
            using var answer = await _client.GetAsync(new Uri(path, UriKind.Relative), Cancel);
            Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{path}: {answer.StatusCode}");
            return await answer.Content.ReadAsStringAsync(Cancel);
        }

        public HttpResponseMessage Ask(string path) => _client.GetAsync(new Uri(path, UriKind.Relative), Cancel).GetAwaiter().GetResult();

        public async ValueTask DisposeAsync()
        {
            _client.Dispose();
            await stop.CancelAsync();
            await run;
            stop.Dispose();
        }
    }
}
