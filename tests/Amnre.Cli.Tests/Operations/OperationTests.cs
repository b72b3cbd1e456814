using System.Text.Json.Nodes;
using Amnre.Testing;

namespace Amnre.Cli.Tests.Operations;

/// <summary>A study operated from the command line, with scheduler and worker in processes of their own.</summary>
public sealed class OperationTests(TestServer server) : IDisposable
{
    private const string Small =
        """
        name: small
        simulator: SLCP
        datasets:
          train: { rows: 4096, seed: 0, shards: 1 }
        models:
          a:
            samples: train
            arbitrary: true
            model: { num_layers: 1, hidden_size: 16 }
            epochs: 2
            descents: 4
            bs: 128
        figures:
          loss: { type: loss, models: [a] }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("amnre-operate-").FullName;

    private Dictionary<string, string> _environment = [];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_study_is_submitted_paused_cancelled_tried_again_and_made_anew_from_the_command()
    {
        _environment = new() { ["AMNRE_POSTGRES"] = await server.NewDatabaseAsync(), ["AMNRE_STORE"] = Path.Combine(_folder, "store") };
        await File.WriteAllTextAsync(Path.Combine(_folder, "study.yaml"), Small, Stop);

        // Nobody is there to do it, and that is said.
        var submitted = await AmnreAsync(0, "submit", "study.yaml");
        Assert.Contains("4 jobs, 4 to run", submitted, StringComparison.Ordinal);
        Assert.Contains("no scheduler is running", submitted, StringComparison.Ordinal);
        await AmnreAsync(0, "pause", "small");
        Assert.Contains("the experiment is paused", await AmnreAsync(0, "explain", "small/sample/train/0"), StringComparison.Ordinal);
        Assert.Contains("train/a has no log yet", await AmnreAsync(1, "logs", "train/a"), StringComparison.Ordinal);
        Assert.Contains("cancelled: small/train/a", await AmnreAsync(0, "cancel", "small/train/*"), StringComparison.Ordinal);

        using var scheduler = CommandProcess.StartWith(_environment, _folder, "scheduler", "--dashboard", "http://127.0.0.1:0");
        using var worker = CommandProcess.StartWith(_environment, _folder, "worker", "--id", "w");
        await AmnreAsync(0, "resume", "small");
        await AmnreAsync(1, "watch", "small");
        Assert.Equal("sample/train/0 succeeded, gather/train succeeded, train/a cancelled, plot/loss cancelled", await StatesAsync());
        var log = await AmnreAsync(0, "logs", "small/gather/train", "-f");
        Assert.Contains("small/gather/train: attempt 1", log, StringComparison.Ordinal);
        Assert.Contains("succeeded: dataset.h5", log, StringComparison.Ordinal);

        // The store loses a file: what made it runs again, and its reader waits for that.
        var named = Path.Combine(_folder, "store", "small", "samples", "train.h5");
        while (!File.Exists(named)) await Task.Delay(50, Stop); // Names are given when workers have something to do again.
        File.Delete(File.ResolveLinkTarget(named, returnFinalTarget: true)!.FullName);
        Assert.Contains("retried: small/plot/loss", await AmnreAsync(0, "retry", "small", "--where", "state=cancelled"),
            StringComparison.Ordinal);
        await AmnreAsync(0, "watch", "small");
        Assert.Contains("damaged  on w: input dataset.h5 of gather/train is lost: ", await AmnreAsync(0, "explain", "small/train/a"),
            StringComparison.Ordinal);
        Assert.Contains("damage: input dataset.h5 of gather/train is lost: ", await AmnreAsync(0, "explain", "small/gather/train"),
            StringComparison.Ordinal);
        Assert.Contains("what it reads is to be made again: input dataset.h5", await AmnreAsync(0, "logs", "train/a", "--attempt", "1"),
            StringComparison.Ordinal);
        Assert.Contains("has no such jobs", await AmnreAsync(1, "retry", "small", "--failed"), StringComparison.Ordinal);

        await AmnreAsync(0, "rerun", "small/train/a");
        await AmnreAsync(0, "watch", "small");
        Assert.Contains("confirmed: train/a: made again, byte for byte as before", await AmnreAsync(0, "explain", "train/a"),
            StringComparison.Ordinal);
        // The worker hears of it with a heartbeat, meanwhile the rest.
        Assert.Contains("asked to leave: w", await AmnreAsync(0, "drain", "w"), StringComparison.Ordinal);
        var table = (await AmnreAsync(0, "export", "small")).Split('\n');
        Assert.StartsWith("model,state,epochs,loss", table[0], StringComparison.Ordinal);
        Assert.StartsWith("a,succeeded,2,", table[1], StringComparison.Ordinal);
        Assert.Contains("replaced by a rerun", await AmnreAsync(0, "gc", "--dry-run", "--keep-days", "0"), StringComparison.Ordinal);

        // A shell does not wait for names: on a busy machine they come with a later key.
        var suggested = "";
        for (var keys = 0; keys < 20 && suggested.Length == 0; keys++)
            suggested = await AmnreAsync(0, "[suggest:19]", "amnre logs small/tr");
        Assert.Contains("small/train/a", suggested, StringComparison.Ordinal);
        Assert.Equal(0, (await worker.EndAsync(Stop)).Code);
    }

    [Fact]
    public async Task A_plan_says_what_would_run_and_what_it_costs_and_a_study_under_way_is_extended()
    {
        _environment = new() { ["AMNRE_POSTGRES"] = await server.NewDatabaseAsync(), ["AMNRE_STORE"] = Path.Combine(_folder, "store") };
        await WriteAsync(Small);
        await AmnreAsync(0, "submit", "study.yaml");
        var plan = await AmnreAsync(0, "plan", "study.yaml");
        Assert.Contains("train/a: never made", plan, StringComparison.Ordinal);
        Assert.Contains("4 to run, 0 reused: no job like these was seen yet", plan, StringComparison.Ordinal);

        await WriteAsync(
            Small.Replace("figures:", "  b: { samples: train, arbitrary: true, model: { num_layers: 1, hidden_size: 8 }, epochs: 1, " +
                "descents: 2, bs: 128 }\nfigures:", StringComparison.Ordinal));
        var extended = await AmnreAsync(0, "extend", "study.yaml");
        Assert.Contains("small: 1 job added", extended, StringComparison.Ordinal);
        Assert.Contains("run    train/b: added", extended, StringComparison.Ordinal);
        Assert.Contains("nothing is new", await AmnreAsync(0, "extend", "study.yaml"), StringComparison.Ordinal);
        await WriteAsync(Small);
        Assert.Contains("job 'train/b' of experiment 'small' is not in the file any more", await AmnreAsync(2, "extend", "study.yaml"),
            StringComparison.Ordinal);

        using var scheduler = CommandProcess.StartWith(_environment, _folder, "scheduler", "--dashboard", "http://127.0.0.1:0");
        using var worker = CommandProcess.StartWith(_environment, _folder, "worker", "--id", "w", "--memory", "2G");
        await AmnreAsync(0, "watch", "small");
        Assert.Equal("sample/train/0 succeeded, gather/train succeeded, train/a succeeded, plot/loss succeeded, train/b succeeded",
            await StatesAsync());

        Assert.Contains("0 to run, 4 reused: nothing to do", await AmnreAsync(0, "plan", "study.yaml"), StringComparison.Ordinal);
        await WriteAsync(Small.Replace("epochs: 2", "epochs: 3", StringComparison.Ordinal));
        plan = await AmnreAsync(0, "plan", "study.yaml");
        Assert.Contains("train/a: changed: ", plan, StringComparison.Ordinal);
        Assert.Contains("plot/loss: ", plan, StringComparison.Ordinal);
        Assert.Matches(@"2 to run, 2 reused: about .* of one worker's time", plan);
        await AmnreAsync(0, "drain", "w");
        Assert.Equal(0, (await worker.EndAsync(Stop)).Code);

        Task WriteAsync(string text) => File.WriteAllTextAsync(Path.Combine(_folder, "study.yaml"), text, Stop);
    }

    [Fact]
    public async Task Commands_say_what_is_wrong_and_change_nothing()
    {
        Assert.Contains("has no database: nothing was submitted", await AmnreAsync(2, "status"), StringComparison.Ordinal);
        Assert.Contains("--keep-days -1 is out of range", await AmnreAsync(2, "gc", "--keep-days", "-1"), StringComparison.Ordinal);
        Assert.Contains("there is no state 'broken'", await AmnreAsync(2, "retry", "small", "--where", "state=broken"),
            StringComparison.Ordinal);
        Assert.Contains("name a worker, or give --all", await AmnreAsync(2, "drain"), StringComparison.Ordinal);
        Assert.Contains("complete -o default -F _amnre amnre", await AmnreAsync(0, "completion", "bash"), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    private async Task<string> StatesAsync() => string.Join(", ",
        JsonNode.Parse(await AmnreAsync(0, "status", "small", "--json"))![0]!["jobs"]!.AsArray()
            .Select(job => $"{job!["name"]} {job["state"]}"));

    private async Task<string> AmnreAsync(int expected, params string[] arguments)
    {
        using var process = CommandProcess.StartWith(_environment, _folder, arguments);
        var (code, output, error) = await process.EndAsync(Stop);
        Assert.True(code == expected, $"amnre {string.Join(' ', arguments)} ended with {code}:\n{output}{error}");
        return output + error;
    }
}
