using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Amnre.Cli.Tests;

/// <summary>The real command in a process of its own.</summary>
internal sealed partial class CommandProcess : IDisposable
{
    private const int SigInt = 2;

    private readonly Process _process;
    private readonly Task<string> _output, _error;

    private CommandProcess(string folder, IReadOnlyDictionary<string, string> environment, string[] arguments)
    {
        var info = new ProcessStartInfo(Program(), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        foreach (var (name, value) in environment) info.Environment[name] = value;
        _process = Process.Start(info)!;
        (_output, _error) = (_process.StandardOutput.ReadToEndAsync(), _process.StandardError.ReadToEndAsync());
    }

    public static CommandProcess Start(string folder, params string[] arguments) =>
        new(folder, new Dictionary<string, string>(), arguments);

    public static CommandProcess StartWith(IReadOnlyDictionary<string, string> environment, string folder, params string[] arguments) =>
        new(folder, environment, arguments);

    /// <param name="folder">Working directory.</param>
    /// <param name="line">Words with blanks between them.</param>
    /// <param name="stop">Of the test.</param>
    public static async Task<(int Code, string Output, string Error)> RunAsync(string folder, string line, CancellationToken stop)
    {
        using var process = Start(folder, line.Split(' '));
        return await process.EndAsync(stop);
    }

    public async Task<(int Code, string Output, string Error)> EndAsync(CancellationToken stop)
    {
        await _process.WaitForExitAsync(stop);
        return (_process.ExitCode, await _output, Reminder().Replace(await _error, ""));
    }

    /// <summary>What a busy machine adds to the sentences that tests expect: progress is told every ten seconds.</summary>
    [GeneratedRegex(@"^\S+: \d+ % of .*\n", RegexOptions.Multiline)]
    private static partial Regex Reminder();

    /// <summary>What Ctrl-C sends.</summary>
    public void Interrupt() => Assert.Equal(0, Kill(_process.Id, SigInt));

    /// <summary>What nobody can catch; nothing where it has ended.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Whether somebody writes <paramref name="name"/>, which has not appeared yet.</summary>
    public bool IsWriting(string name) => Directory.EnumerateFiles(_process.StartInfo.WorkingDirectory, $"{name}.*.part").Any();

    /// <summary>The libraries that the process has mapped.</summary>
    public IReadOnlyList<string> LoadedFiles() =>
        [.. File.ReadLines($"/proc/{_process.Id}/maps").Select(line => line.Split(' ')[^1]).Where(file => file.StartsWith('/')).Distinct()];

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            // Its folder is deleted next, in which it may be making a file.
            _process.WaitForExit(TimeSpan.FromMinutes(1));
        }

        _process.Dispose();
    }

    public static string Program()
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var program = Path.Combine(folder.FullName, "Amnre.Cli", configuration, "amnre");
            if (File.Exists(program)) return program;
        }

        throw new FileNotFoundException($"the command was not built beside the tests ({configuration})");
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int pid, int signal);
}
