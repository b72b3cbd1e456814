using System.Diagnostics;

namespace Amnre.Engine.Tests.Golden;

/// <summary>A Python with PyTorch, where the machine has one: the other side of the file formats.</summary>
internal static class PythonTorch
{
    private static readonly Lazy<string?> Interpreter = new(() =>
        new[] { "python3", "/usr/bin/python3" }.FirstOrDefault(python => Start(python, "import torch", []) is (0, _)));

    /// <summary>Runs <paramref name="script"/> and returns what it prints; skips the test where there is no PyTorch.</summary>
    public static string Run(string script, params string[] arguments)
    {
        Assert.SkipWhen(Interpreter.Value is null, "no python3 here imports torch (Debian: apt-get install python3-torch)");
        var (code, output) = Start(Interpreter.Value!, script, arguments);
        Assert.True(code == 0, output);
        return output.Trim();
    }

    private static (int Code, string Output) Start(string python, string script, string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(python, ["-c", script, .. arguments])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            var error = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEndAsync();
            if (process.WaitForExit(TimeSpan.FromMinutes(10)))
                return (process.ExitCode, process.ExitCode == 0 ? output.Result : error.Result);
            process.Kill(entireProcessTree: true);
            return (-1, $"{python} took more than ten minutes");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return (-1, $"{python} is not installed");
        }
    }
}
