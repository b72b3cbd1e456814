using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Amnre.Worker.Tests.Processes;

/// <summary>A process that a test started, playing a part.</summary>
public sealed class Cast : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _said = new();

    private Cast(string role, Part part)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, role)
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        start.Environment[Part.Variable] = JsonSerializer.Serialize(part);
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
    }

    public static Cast Worker(Part part) => new("as-worker", part);

    public static Cast Scheduler(Part part) => new("as-scheduler", part);

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    public string Said
    {
        get
        {
            lock (_said)
            {
                return _said.ToString();
            }
        }
    }

    public void Kill() => _process.Kill();

    public void Terminate() => Signal(15);

    public void Freeze() => Signal(19);

    public void Thaw() => Signal(18);

    public void CloseInput() => _process.StandardInput.Close();

    public Task WaitForExitAsync(TimeSpan atMost) => _process.WaitForExitAsync().WaitAsync(atMost);

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private void Signal(int signal) => Assert.Equal(0, Kill(_process.Id, signal));

    private void Keep(string? line)
    {
        lock (_said)
        {
            _said.AppendLine(line);
        }
    }

    [DllImport("libc", EntryPoint = "kill"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}
