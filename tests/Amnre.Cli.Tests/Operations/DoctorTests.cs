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

    /// <summary>The store's own database, as a run has left it.</summary>
    [Fact]
    public async Task Who_can_read_what_of_a_store_is_looked_at()
    {
        File.SetUnixFileMode(_folder, File.GetUnixFileMode(_folder) | UnixFileMode.OtherExecute);
        await File.WriteAllTextAsync(Path.Combine(_folder, "y.yaml"), "name: y\nsimulator: SLCP\ndatasets:\n  a: { rows: 64 }\n",
            TestContext.Current.CancellationToken);
        var (ran, _, said) = await CommandProcess.RunAsync(_folder, "run y.yaml --store s --workers 1",
            TestContext.Current.CancellationToken);
        Assert.True(ran == 0, said);
        var store = Path.Combine(_folder, "s");
        var (folder, password) = (Path.Combine(store, "postgres"), Path.Combine(store, "postgres", "password"));
        var token = Directory.EnumerateFiles(store, "operator-token", SearchOption.AllDirectories).Single();
        var home = File.Exists(Path.Combine(folder, "server", "socket")) ? Path.Combine(folder, "server") : "";
        var socket = await File.ReadAllTextAsync(Path.Combine(home, "socket"), TestContext.Current.CancellationToken);

        var whole = (await DoctorAsync(null, store)).Findings;
        foreach (var check in (string[])["database folder", "postmaster.pid", "socket folder", "store's token"])
            Assert.Equal("fine", whole[check].Verdict);

        await WithModeAsync(folder, (UnixFileMode)0b111_101_101, "database folder", "broken", $"chmod go-rwx {folder}");
        await WithModeAsync(password, (UnixFileMode)0b110_100_100, "database folder", "broken", "chmod go-rwx");
        await WithModeAsync(token, (UnixFileMode)0b110_100_000, "store's token", "broken", "");
        Directory.CreateDirectory(socket);
        await WithModeAsync(socket, (UnixFileMode)0b111_111_111, "socket folder", "doubtful", "the next start takes another folder");
        Directory.Delete(socket);
        await File.WriteAllTextAsync(socket, "", TestContext.Current.CancellationToken);
        Assert.Equal("doubtful", (await DoctorAsync(null, store)).Findings["socket folder"].Verdict);
        File.Delete(socket);
        await File.WriteAllTextAsync(Path.Combine(home, "cluster", "postmaster.pid"), "1\n", TestContext.Current.CancellationToken);
        Assert.Equal("doubtful", (await DoctorAsync(null, store)).Findings["postmaster.pid"].Verdict);

        async Task WithModeAsync(string path, UnixFileMode mode, string check, string verdict, string remedy)
        {
            var before = File.GetUnixFileMode(path);
            File.SetUnixFileMode(path, mode);
            var found = (await DoctorAsync(null, store)).Findings[check];
            Assert.Equal(verdict, found.Verdict);
            Assert.Contains(remedy, found.Remedy, StringComparison.Ordinal);
            File.SetUnixFileMode(path, before);
        }
    }

    [Theory]
    [InlineData("600", "fine")]
    [InlineData("640", "broken")]
    [InlineData("606", "broken")]
    [InlineData("pipe", "doubtful")]
    public async Task Files_with_secrets_that_variables_name_are_looked_at(string mode, string verdict)
    {
        var file = Path.Combine(_folder, "secret");
        if (mode == "pipe")
            await System.Diagnostics.Process.Start("mkfifo", [file]).WaitForExitAsync(TestContext.Current.CancellationToken);
        else
        {
            await File.WriteAllTextAsync(file, "0123456789abcdef0123456789", TestContext.Current.CancellationToken);
            File.SetUnixFileMode(file, (UnixFileMode)Convert.ToInt32(mode, 8));
        }

        foreach (var variable in (string[])["AMNRE_OPERATOR_TOKEN_FILE", "AMNRE_VIEWER_TOKEN_FILE", "AMNRE_TOKEN_FILE"])
            Assert.Equal(verdict, (await DoctorAsync("Host=127.0.0.1;Port=1", _folder, (variable, file))).Findings[variable].Verdict);
    }

    private async Task<(int Code, Dictionary<string, (string Verdict, string Remedy)> Findings)> DoctorAsync(string? postgres, string store,
        params (string Name, string Value)[] variables)
    {
        var environment = variables.ToDictionary(one => one.Name, one => one.Value);
        if (postgres is not null) environment["AMNRE_POSTGRES"] = postgres;
        using var process = CommandProcess.StartWith(environment, _folder, "doctor", "--store", store, "--json");
        var (code, output, error) = await process.EndAsync(TestContext.Current.CancellationToken);
        Assert.True(output.StartsWith('['), output + error);
        return (code, JsonNode.Parse(output)!.AsArray().ToDictionary(
            one => one!["check"]!.GetValue<string>(),
            one => (one!["verdict"]!.GetValue<string>(), one["remedy"]?.GetValue<string>() ?? "")));
    }
}
