using System.Text.Json.Nodes;
using Amnre.Jobs.Ledger;
using Amnre.Testing;
using Dapper;
using Npgsql;

namespace Amnre.Cli.Tests.Operations;

public sealed class DoctorTests(TestServer server) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("amnre-doctor-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Where_all_is_well_nothing_is_broken_and_nothing_is_left_behind()
    {
        var (code, findings) = await DoctorAsync(await server.NewDatabaseAsync(), _folder);

        Assert.Equal(0, code);
        foreach (var check in new[] { "store", "database", "privileges", "durability", "connections", "clock", "same store", "versions",
            "libtorch" })
            Assert.True(findings[check].Verdict is "fine" or "doubtful", $"{check}: {findings[check]}");
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public async Task Workers_of_this_version_are_no_others()
    {
        var database = await server.NewDatabaseAsync();
        await using (var connection = new NpgsqlConnection(database))
            await connection.ExecuteAsync(
                "insert into amnre.workers (id, host, pid, slots, kinds, version) values ('w', 'host', 1, 1, '{plain}', @Build)",
                new { ProgramVersion.Build });

        Assert.Equal("fine", (await DoctorAsync(database, _folder)).Findings["versions"].Verdict);
    }

    [Fact]
    public async Task What_is_wrong_is_named_with_a_remedy()
    {
        var (code, findings) = await DoctorAsync("Host=127.0.0.1;Port=1;Database=amnre;Username=amnre", Path.Combine(_folder, "absent"));

        Assert.Equal(1, code);
        Assert.Equal("broken", findings["store"].Verdict);
        Assert.Contains("AMNRE_STORE", findings["store"].Remedy, StringComparison.Ordinal);
        Assert.Equal("broken", findings["database"].Verdict);
        Assert.Contains("firewall", findings["database"].Remedy, StringComparison.Ordinal);
    }

    private async Task<(int Code, Dictionary<string, (string Verdict, string Remedy)> Findings)> DoctorAsync(string postgres, string store)
    {
        using var process = CommandProcess.StartWith(new Dictionary<string, string> { ["AMNRE_POSTGRES"] = postgres }, _folder, "doctor",
            "--store", store, "--json");
        var (code, output, error) = await process.EndAsync(TestContext.Current.CancellationToken);
        Assert.True(output.StartsWith('['), output + error);
        return (code, JsonNode.Parse(output)!.AsArray().ToDictionary(
            one => one!["check"]!.GetValue<string>(),
            one => (one!["verdict"]!.GetValue<string>(), one["remedy"]?.GetValue<string>() ?? "")));
    }
}
