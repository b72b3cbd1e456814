using System.Text.Json.Nodes;
using Amnre.Testing;

namespace Amnre.Cli.Tests.Operations;

/// <summary>The command line of somebody who has neither the database nor the store, only an address and a token.</summary>
public sealed class RemoteTests(TestServer server) : IDisposable
{
    private const string Operator = "operator-0123456789", Viewer = "viewer-0123456789ab";

    private const string Small =
        """
        name: small
        simulator: SLCP
        datasets:
          train: { rows: 4096, seed: 0, shards: 1 }
          valid: { rows: 1024, seed: 1, shards: 1 }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("amnre-remote-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_study_is_submitted_looked_at_and_acted_on_from_afar()
    {
        var there = new Dictionary<string, string>
        {
            ["AMNRE_POSTGRES"] = await server.NewDatabaseAsync(),
            ["AMNRE_STORE"] = Path.Combine(_folder, "store"),
        };
        using var scheduler = CommandProcess.StartWith(
            new Dictionary<string, string>(there) { ["AMNRE_OPERATOR_TOKEN"] = Operator, ["AMNRE_VIEWER_TOKEN"] = Viewer }, _folder,
            "scheduler", "--dashboard", "http://127.0.0.1:0");
        var here = new Dictionary<string, string> { ["AMNRE_URL"] = await AddressAsync(there), ["AMNRE_TOKEN"] = Operator };
        var viewer = new Dictionary<string, string>(here) { ["AMNRE_TOKEN"] = Viewer };
        await File.WriteAllTextAsync(Path.Combine(_folder, "study.yaml"), Small, Stop);

        Assert.Contains("refuses: this is for the operator role", await AmnreAsync(viewer, 2, "submit", "study.yaml"),
            StringComparison.Ordinal);
        Assert.Contains("knows no such token", await AmnreAsync(new(here) { ["AMNRE_TOKEN"] = "no-token-0123456789" }, 2, "status"),
            StringComparison.Ordinal);
        Assert.Contains("4 jobs, 4 to run", await AmnreAsync(here, 0, "submit", "study.yaml", "--priority", "3"), StringComparison.Ordinal);
        Assert.Contains("paused: small", await AmnreAsync(here, 0, "pause", "small"), StringComparison.Ordinal);
        Assert.Contains("the experiment is paused", await AmnreAsync(viewer, 0, "explain", "sample/train/0"), StringComparison.Ordinal);
        Assert.Contains("has no log yet", await AmnreAsync(viewer, 1, "logs", "sample/train/0"), StringComparison.Ordinal);
        Assert.Contains("refuses", await AmnreAsync(viewer, 2, "cancel", "small"), StringComparison.Ordinal);
        Assert.Contains("cancelled: small/gather/valid", await AmnreAsync(here, 0, "cancel", "small/*/valid*"), StringComparison.Ordinal);
        Assert.Contains("they wait: a scheduler is running, but no worker",
            await AmnreAsync(here, 0, "retry", "small", "--where", "state=cancelled"), StringComparison.Ordinal);
        Assert.Contains("cancelled: small/gather/valid", await AmnreAsync(here, 0, "cancel", "small/*/valid*"), StringComparison.Ordinal);
        Assert.Contains("there is neither an experiment nor a job 'smoll'; did you mean 'small'?",
            await AmnreAsync(here, 2, "cancel", "smoll"), StringComparison.Ordinal);
        Assert.Contains("was 3", await AmnreAsync(here, 0, "prioritize", "small", "7"), StringComparison.Ordinal);

        using var worker = CommandProcess.StartWith(there, _folder, "worker", "--id", "w");
        await AmnreAsync(here, 0, "resume", "small");
        Assert.Contains("small cancelled", await AmnreAsync(here, 1, "watch", "small"), StringComparison.Ordinal);
        // Its worker writes the last line after the ledger has told everybody that the study has ended.
        while (!(await AmnreAsync(there, 0, "logs", "gather/train")).Contains("outcome recorded", StringComparison.Ordinal))
            await Task.Delay(100, Stop);
        Assert.Contains("succeeded: dataset.h5", await AmnreAsync(viewer, 0, "logs", "gather/train", "-n", "3"), StringComparison.Ordinal);
        Assert.Equal(await AmnreAsync(there, 0, "logs", "gather/train"), await AmnreAsync(viewer, 0, "logs", "gather/train", "-f"));
        Assert.Contains("gather/valid", await AmnreAsync(here, 0, "retry", "small", "--where", "state=cancelled"),
            StringComparison.Ordinal);
        Assert.Contains("small succeeded", await AmnreAsync(viewer, 0, "watch", "small"), StringComparison.Ordinal);
        Assert.Contains("to be rerun: small/sample/train/0", await AmnreAsync(here, 0, "rerun", "small/sample/train/0"),
            StringComparison.Ordinal);
        await AmnreAsync(here, 0, "watch", "small");
        Assert.Equal(
            Without(await AmnreAsync(there, 0, "status", "small", "--json")),
            Without(await AmnreAsync(viewer, 0, "status", "small", "--json")));
        Assert.Contains("asked to leave: w", await AmnreAsync(here, 0, "drain", "--all"), StringComparison.Ordinal);
        Assert.Equal(0, (await worker.EndAsync(Stop)).Code);
    }

    [Fact]
    public async Task An_address_without_a_scheduler_is_said()
    {
        Assert.Contains("does not answer", await AmnreAsync(new() { ["AMNRE_URL"] = "http://127.0.0.1:9" }, 2, "status"),
            StringComparison.Ordinal);
        Assert.Contains("is no address of a scheduler", await AmnreAsync(new() { ["AMNRE_URL"] = "node17" }, 2, "status"),
            StringComparison.Ordinal);
    }

    private static string Without(string status)
    {
        var experiment = JsonNode.Parse(status)![0]!.AsObject();
        experiment.Remove("now");
        return experiment.ToJsonString();
    }

    private async Task<string> AddressAsync(Dictionary<string, string> there)
    {
        for (var waited = 0; ; waited++)
        {
            using var process = CommandProcess.StartWith(there, _folder, "status", "--json");
            var (code, output, _) = await process.EndAsync(Stop);
            if (code == 0 && JsonNode.Parse(output)!["schedulers"]!.AsArray() is [{ } scheduler, ..] && scheduler["address"] is { } address)
                return address.GetValue<string>();
            Assert.True(waited < 600, "no scheduler within minutes");
            await Task.Delay(500, Stop);
        }
    }

    private async Task<string> AmnreAsync(Dictionary<string, string> environment, int expected, params string[] arguments)
    {
        using var process = CommandProcess.StartWith(environment, _folder, arguments);
        var (code, output, error) = await process.EndAsync(Stop);
        Assert.True(code == expected, $"amnre {string.Join(' ', arguments)} ended with {code}:\n{output}{error}");
        return output + error;
    }
}
