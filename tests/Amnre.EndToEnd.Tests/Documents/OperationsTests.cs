using System.Diagnostics;
using System.Text.Json.Nodes;
using Amnre.Testing;
using Npgsql;

namespace Amnre.EndToEnd.Tests.Documents;

/// <summary>docs/operations.md and docs/api.md: a scheduler and a worker are started, a study is steered, backed up and restored, as the
/// pages say.</summary>
public sealed class OperationsTests(TestServer server)
{
    private const string Token = "operator-0123456789";

    /// <summary>What the pages call a study, a training that takes a while, and evaluations.</summary>
    private const string Experiment =
        """
        name: study
        simulator: SLCP
        datasets:
          train: { rows: 4096 }
          test: { rows: 64, seed: 1 }
        models:
          big: { samples: train, arbitrary: true, model: { num_layers: 2, hidden_size: 32 }, epochs: 150, descents: 8, bs: 256 }
        evaluations:
          some: { data: test, masks: [=1], bins: 16 }
        """;

    [Fact]
    public async Task A_study_is_steered_and_restored_as_the_page_says()
    {
        var stop = TestContext.Current.CancellationToken;
        using var study = new Study(Experiment);
        var page = CommandBlock.Of("docs/operations.md");
        Assert.Equal(5, page.Count);
        var (commands, running, backup, recovery, traces) = (page[0].Script, page[1], page[2].Script, page[3].Script, page[4].Script);
        var database = await server.NewDatabaseAsync();
        var here = Here(study.Folder, "store", database);

        // Each in a terminal of its own: what is exported in one stands for all. The worker comes once the cancelled jobs were ready
        // again: a quick one would have made them before they could be cancelled.
        var exports = running.Commands.Where(line => line.StartsWith("export ", StringComparison.Ordinal)).ToList();
        var cancelled = commands.IndexOf('\n', commands.IndexOf("amnre cancel", StringComparison.Ordinal));
        var programs = new List<Process>();
        Process Begun(string line) =>
            here.Shell.Start(here.Of($"{string.Join('\n', exports)}\nexec {line}").Replace(":8080", ":0", StringComparison.Ordinal));
        try
        {
            programs.Add(Begun(running.Commands.Single(line => line.StartsWith("amnre scheduler", StringComparison.Ordinal))));
            var printed = await here.Shell.RunAsync(here.Of($"{traces}\n{commands[..cancelled]}"));
            Assert.Contains("study/train/big", printed, StringComparison.Ordinal);
            Assert.Contains("cancelled: study/evaluate/some/big", printed, StringComparison.Ordinal);

            programs.Add(Begun(running.Commands.Single(line => line.StartsWith("amnre worker", StringComparison.Ordinal))));
            printed = await here.Shell.RunAsync(here.Of($"{traces}\n{exports[0]}\n{commands[cancelled..]}"));
            Assert.Contains("study succeeded", printed, StringComparison.Ordinal);
            Assert.StartsWith("model,state", await File.ReadAllTextAsync(Path.Combine(study.Folder, "study.csv"), stop),
                StringComparison.Ordinal);
            await here.Shell.RunAsync(here.Of(backup));
        }
        finally
        {
            foreach (var program in programs)
            {
                AmnreProcess.End(program);
                program.Dispose();
            }
        }

        var there = Here(study.Folder, "restored", await server.EmptyDatabaseAsync());
        await there.Shell.RunAsync(there.Of(recovery));
        var before = study.Results("study");
        Directory.Delete(study.Store, recursive: true);
        var again = await there.Shell.RunAsync("amnre submit study.yaml && amnre watch study");

        Assert.Contains("0 to run", again, StringComparison.Ordinal);
        foreach (var (path, bytes) in before)
            Assert.Equal(bytes, await File.ReadAllBytesAsync(Path.Combine(study.Folder, "restored", "study", path), stop));
    }

    [Fact]
    public async Task The_API_answers_what_the_page_asks()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/curl"), "curl is not installed");
        using var study = new Study(Experiment.Replace("name: study", "name: sweep-a", StringComparison.Ordinal));
        var here = Here(study.Folder, "store", await server.NewDatabaseAsync());
        await File.WriteAllTextAsync(Path.Combine(study.Folder, ".amnre-token"), Token, TestContext.Current.CancellationToken);
        File.SetUnixFileMode(Path.Combine(study.Folder, ".amnre-token"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await here.Shell.RunAsync("mkdir -p store && amnre submit study.yaml");
        using var scheduler = here.Shell.Start($"AMNRE_OPERATOR_TOKEN={Token} exec amnre scheduler --dashboard http://127.0.0.1:0");
        try
        {
            var address = "";
            for (var waited = 0; address.Length == 0 && waited < 1200; waited++)
            {
                await Task.Delay(250, TestContext.Current.CancellationToken);
                if (JsonNode.Parse(await here.Shell.RunAsync("amnre status --json"))!["schedulers"]!.AsArray() is [{ } one, ..])
                    address = one["address"]?.GetValue<string>() ?? "";
            }

            var printed = await here.Shell.RunAsync($"export AMNRE_TOKEN={Token} HOME={study.Folder}\n"
                + Assert.Single(CommandBlock.Of("docs/api.md")).Script.Replace("http://node17:8080", address, StringComparison.Ordinal));

            Assert.Contains("\"name\":\"sweep-a\"", printed, StringComparison.Ordinal);
            Assert.Contains("paused", printed, StringComparison.Ordinal);
        }
        finally
        {
            AmnreProcess.End(scheduler);
        }
    }

    private static Setting Here(string folder, string store, string database)
    {
        var settings = new NpgsqlConnectionStringBuilder(database);
        return new Setting(
            new DocumentShell(folder, new Dictionary<string, string>
            {
                ["AMNRE_STORE"] = Path.Combine(folder, store),
                ["AMNRE_POSTGRES"] = database,
                ["PGPASSWORD"] = settings.Password ?? "",
            }),
            [
                ("/shared/store", Path.Combine(folder, store)),
                ("Host=db;Database=amnre;Username=amnre", database),
                ("host=db dbname=amnre user=amnre",
                    $"host={settings.Host} port={settings.Port} dbname={settings.Database} user={settings.Username}"),
            ]);
    }

    /// <param name="Shell">Where commands run.</param>
    /// <param name="Places">Names of the pages, and what they are here.</param>
    private sealed record Setting(DocumentShell Shell, IReadOnlyList<(string Written, string Here)> Places)
    {
        public string Of(string commands) =>
            Places.Aggregate(commands, (text, place) => text.Replace(place.Written, place.Here, StringComparison.Ordinal));
    }
}
