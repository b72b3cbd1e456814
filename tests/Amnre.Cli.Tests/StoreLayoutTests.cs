using System.Diagnostics;
using Amnre.Jobs.Artifacts;

namespace Amnre.Cli.Tests;

/// <summary>Something else than the store keeps there stands under one of its names: refused at once with its path, exit code 2, and
/// nothing begun.</summary>
public sealed class StoreLayoutTests : IDisposable
{
    /// <summary>A command that reads nothing that it would wait for ends in less.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(90);

    private readonly string _folder = Directory.CreateTempSubdirectory("amnre-layout-").FullName;

    public StoreLayoutTests()
    {
        File.WriteAllText(Path.Combine(_folder, "y.yaml"), "name: y\nsimulator: SLCP\ndatasets:\n  a: { rows: 64 }\n");
        File.SetUnixFileMode(_folder, File.GetUnixFileMode(_folder) | UnixFileMode.OtherExecute);
        Directory.CreateDirectory(Store);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Store => Path.Combine(_folder, "s");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("artifacts")]
    [InlineData("artifacts/ab")]
    [InlineData("checkpoints")]
    [InlineData("logs")]
    [InlineData("logs/attempts")]
    [InlineData("slurm")]
    [InlineData("postgres")]
    [InlineData("postgres/server")]
    [InlineData("access-UID")]
    [InlineData("y")]
    [InlineData("y/samples")]
    public async Task A_file_where_the_store_needs_a_folder_is_refused_at_once(string name)
    {
        var path = Path.Combine(Store, name.Replace("access-UID", StoreLayout.AccessFolder, StringComparison.Ordinal));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, "mine", Stop);
        var before = Entries();

        foreach (var line in (string[])["run y.yaml --store s", "submit y.yaml --store s"])
        {
            var (code, error) = await AmnreAsync(line);
            Assert.True(code == 2, error);
            Assert.Contains($"'{path}' is a file", error, StringComparison.Ordinal);
            Assert.Contains("move it away, or name another store with --store", error, StringComparison.Ordinal);
            if (line.StartsWith("run", StringComparison.Ordinal)) Assert.Equal(before, Entries());
        }

        Assert.Equal("mine", await File.ReadAllTextAsync(path, Stop));
    }

    /// <summary>The store itself: for every verb that takes one, the same exit code.</summary>
    [Theory]
    [InlineData("file")]
    [InlineData("pipe")]
    [InlineData("device")]
    public async Task A_store_that_is_no_folder_is_bad_input_for_all(string kind)
    {
        Directory.Delete(Store);
        if (kind == "file") await File.WriteAllTextAsync(Store, "", Stop);
        else await PutAsync(kind, Store);

        foreach (var verb in (string[])["run y.yaml", "submit y.yaml", "status", "logs y", "explain y", "gc", "doctor", "store",
            "worker --postgres Host=127.0.0.1", "scheduler --postgres Host=127.0.0.1"])
        {
            var (code, error) = await AmnreAsync($"{verb} --store s");
            Assert.True(code == 2, $"{verb}: {code}: {error}");
            Assert.Contains($"store 's' is a {(kind == "file" ? "file" : "device")}", error, StringComparison.Ordinal);
            Assert.Contains("name a folder with --store or AMNRE_STORE", error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_link_to_a_folder_elsewhere_is_a_folder_and_one_that_leads_nowhere_is_not()
    {
        var elsewhere = Path.Combine(_folder, "elsewhere");
        Directory.CreateSymbolicLink(Path.Combine(Store, "artifacts"), elsewhere);

        Assert.Contains("is a link that leads nowhere", StoreLayout.Refusal(Store), StringComparison.Ordinal);
        Directory.CreateDirectory(elsewhere);
        Assert.Null(StoreLayout.Refusal(Store));

        var (code, error) = await AmnreAsync("run y.yaml --store s --workers 1");
        Assert.True(code == 0, error);
        Assert.NotEmpty(Directory.EnumerateFiles(elsewhere, "*", SearchOption.AllDirectories));
    }

    /// <summary>A law over all small files that a store holds after a run: those that a command reads are refused when they are none, and
    /// none is waited for.</summary>
    [Theory]
    [InlineData("pipe")]
    [InlineData("device")]
    [InlineData("folder")]
    public async Task No_small_file_of_a_store_is_waited_for_when_it_is_something_else(string kind)
    {
        var (made, told) = await AmnreAsync("run y.yaml --store s --workers 1");
        Assert.True(made == 0, told);
        List<string> files =
        [
            .. Directory.EnumerateFiles(Store, "*",
                new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint })
                .Where(file => !file.Contains("/cluster/", StringComparison.Ordinal) && new FileInfo(file).Length < 1 << 16),
            .. Directory.EnumerateFiles(Store, "PG_VERSION", SearchOption.AllDirectories)
                .Where(file => file.EndsWith("/cluster/PG_VERSION", StringComparison.Ordinal)),
        ];
        foreach (var read in (string[])["store.json", "postgres/password", "postgres/machine", "postgres/door", "postgres/users",
            "postgres/lock", $"{StoreLayout.AccessFolder}/operator-token"])
            Assert.Contains(Path.Combine(Store, read), files);

        var others = new List<string>();
        foreach (var file in files)
        {
            File.Move(file, $"{file}.aside");
            await PutAsync(kind, file);
            if (StoreLayout.Refusal(Store) is null)
            {
                others.Add(file);
                continue;
            }

            var (code, error) = await AmnreAsync("status --store s");
            Assert.True(code == 2 && error.Contains($"'{file}' is a", StringComparison.Ordinal), $"{file}: exit code {code}: {error}");
            if (file.EndsWith("password", StringComparison.Ordinal))
            {
                var (doctor, findings) = await AmnreAsync("doctor --store s --json");
                Assert.True(doctor == 1 && findings.Contains("store's names", StringComparison.Ordinal), $"{file}: {findings}");
            }

            if (Directory.Exists(file)) Directory.Delete(file);
            else File.Delete(file);
            File.Move($"{file}.aside", file);
        }

        // Of the rest, results and logs, commands may read what they like: they go on without.
        Assert.NotEmpty(others);
        foreach (var line in (string[])["status y --jobs --store s", "logs y --store s", "explain y/sample/a --store s"])
            await AmnreAsync(line);
        // All that was refused is named by path; results that are none are made again.
        var (again, said) = await AmnreAsync("run y.yaml --store s --workers 1");
        Assert.True(again == 0, said);
    }

    private async Task PutAsync(string kind, string path)
    {
        if (kind == "folder") Directory.CreateDirectory(path);
        else if (kind == "device") File.CreateSymbolicLink(path, "/dev/zero");
        else await Process.Start("mkfifo", [path]).WaitForExitAsync(Stop);
    }

    private async Task<(int Code, string Said)> AmnreAsync(string line)
    {
        using var soon = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        soon.CancelAfter(Soon);
        var (code, output, error) = await CommandProcess.RunAsync(_folder, line, soon.Token);
        return (code, output + error);
    }

    private List<string> Entries() =>
        [.. Directory.EnumerateFileSystemEntries(Store, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
}
