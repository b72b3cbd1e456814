using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Amnre.EndToEnd.Tests;

/// <summary>The real command in a process of its own, with what it printed.</summary>
internal sealed partial class AmnreProcess : IDisposable
{
    private const int SigInt = 2;

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = [];

    private AmnreProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    /// <summary>Everything printed so far, in order.</summary>
    public string Printed => string.Join('\n', _lines);

    public static AmnreProcess Start(params string[] arguments) => Start(new ProcessStartInfo(Program, arguments), null);

    /// <summary>The same with a database of its own.</summary>
    /// <param name="inNamespace">A network namespace to run it in; null for this process's own.</param>
    public static AmnreProcess StartOn(string postgres, string? inNamespace, params string[] arguments) => Start(
        inNamespace is null
            ? new ProcessStartInfo(Program, arguments)
            : new ProcessStartInfo("ip", ["netns", "exec", inNamespace, Program, .. arguments]), postgres);

    private static AmnreProcess Start(ProcessStartInfo info, string? postgres)
    {
        (info.RedirectStandardOutput, info.RedirectStandardError, info.RedirectStandardInput) = (true, true, true);
        if (postgres is not null) info.Environment["AMNRE_POSTGRES"] = postgres;
        return new AmnreProcess(new Process { StartInfo = info });
    }

    public static async Task<(int Code, string Printed)> RunAsync(CancellationToken stop, params string[] arguments)
    {
        using var process = Start(arguments);
        return (await process.EndAsync(stop), process.Printed);
    }

    public async Task<int> EndAsync(CancellationToken stop)
    {
        await _process.WaitForExitAsync(stop);
        return _process.ExitCode;
    }

    /// <summary>What Ctrl-C sends.</summary>
    public void Interrupt() => Signal(SigInt);

    public void Signal(int signal) => Assert.Equal(0, Kill(_process.Id, signal));

    public bool HasExited => _process.HasExited;

    /// <summary>What nothing can catch.</summary>
    public void KillHard() => _process.Kill();

    public void Dispose()
    {
        End(_process);
        _process.Dispose();
    }

    /// <summary>Kills it with its children, and waits: its folder may be deleted next, in which it may be making a file.</summary>
    public static void End(Process process)
    {
        if (process.HasExited) return;
        process.Kill(entireProcessTree: true);
        process.WaitForExit(TimeSpan.FromMinutes(1));
    }

    /// <summary>The command as the same build made it.</summary>
    internal static string Program { get; } = FindProgram();

    private static string FindProgram()
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var program = Path.Combine(folder.FullName, "Amnre.Cli", configuration, "amnre");
            if (File.Exists(program)) return program;
        }

        throw new FileNotFoundException($"the command was not built beside the tests ({configuration})");
    }

    private void Keep(string? line)
    {
        if (line is not null) _lines.Enqueue(line);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int pid, int signal);
}
