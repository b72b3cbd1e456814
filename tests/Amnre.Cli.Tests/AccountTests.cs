using System.Diagnostics;
using Amnre.Jobs.Postgres;

namespace Amnre.Cli.Tests;

/// <summary>Whose process it is, and what it lets others read: umasks, a user without a name.</summary>
public sealed class AccountTests : IDisposable
{
    private const UnixFileMode All = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead
        | UnixFileMode.GroupWrite
        | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private readonly string _folder = Directory.CreateTempSubdirectory("amnre-account-").FullName;

    public AccountTests()
    {
        File.WriteAllText(Path.Combine(_folder, "y.yaml"), "name: y\nsimulator: SLCP\ndatasets:\n  a: { rows: 64 }\n");
        File.SetUnixFileMode(_folder, All);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        // Where a store is closed to the database's account, its server's files are elsewhere, in a folder that names the store.
        foreach (var left in ServerHome.Abandoned().Where(one => one.Folder.StartsWith(_folder, StringComparison.Ordinal)))
            Directory.Delete(left.Home, recursive: true);
    }

    [Theory]
    [InlineData("077")]
    [InlineData("027")]
    [InlineData("000")]
    public async Task A_run_works_whatever_the_umask_and_secrets_are_ones_own(string umask)
    {
        var (code, said) = await ShellAsync($"umask {umask}; {Program} run y.yaml --store s --workers 1 && {Program} status y --store s " +
            $"&& {Program} doctor --store s");

        Assert.True(code == 0, said);
        Assert.True(File.Exists(Path.Combine(_folder, "s", "y", "samples", "a.h5"))
            || Directory.EnumerateFiles(Path.Combine(_folder, "s", "y"), "*.h5", SearchOption.AllDirectories).Any(), said);
        const UnixFileMode reading = UnixFileMode.GroupRead | UnixFileMode.OtherRead | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
        foreach (var secret in (string[])[Path.Combine(_folder, "s", "postgres", "password"),
            .. Directory.EnumerateFiles(Path.Combine(_folder, "s"), "operator-token", SearchOption.AllDirectories)])
            Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(secret) & reading);
    }

    [Fact]
    public async Task A_user_without_a_name_runs_a_study()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "acting as another user needs root");
        Assert.SkipUnless((await ShellAsync("setpriv --reuid 65533 --regid 65533 --clear-groups true")).Code == 0,
            "setpriv does not change the user here");
        Assert.SkipUnless((await ShellAsync($"setpriv --reuid 65533 --regid 65533 --clear-groups {Program} --version")).Code == 0,
            "another user cannot reach the command here");
        Directory.CreateDirectory(Path.Combine(_folder, "tmp"), All);
        File.SetUnixFileMode(Path.Combine(_folder, "tmp"), All);

        var (code, said) = await ShellAsync($"HOME=/nonexistent TMPDIR={_folder}/tmp setpriv --reuid 65533 --regid 65533 --clear-groups " +
            $"{Program} run y.yaml --store s --workers 1");

        // Where user namespaces are forbidden, initdb has no name to be had: then that is said, with what helps.
        if (code == 2) Assert.Contains("has no entry in /etc/passwd", said, StringComparison.Ordinal);
        else Assert.True(code == 0, said);
        Assert.DoesNotContain("   at ", said, StringComparison.Ordinal);
    }

    private static string Program => CommandProcess.Program();

    private async Task<(int Code, string Said)> ShellAsync(string line)
    {
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", line])
        {
            WorkingDirectory = _folder,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(Stop), process.StandardError.ReadToEndAsync(Stop));
        await process.WaitForExitAsync(Stop);
        return (process.ExitCode, await output + await error);
    }
}
