using System.Diagnostics;
using System.Globalization;

namespace Amnre.Benchmarks;

/// <summary>Another program that does the work of a row, in a process of its own: it says what it is, then repeats its work for each line
/// that it is sent and prints the seconds that took. Idle in between, so that two programs can take turns on one machine.</summary>
internal sealed class Peer : IDisposable
{
    /// <summary>The system's Python, which sees the system's packages.</summary>
    private const string Python = "/usr/bin/python3";

    private readonly Process _process;
    private readonly Task<string> _errors;

    private Peer(Process process, Task<string> errors, string version) => (_process, _errors, Version) = (process, errors, version);

    /// <summary>What it calls itself, such as <c>PyTorch 1.13.0</c>.</summary>
    public string Version { get; }

    /// <summary>Starts a script of <c>benchmarks/peers</c>; null where the system's Python cannot run it.</summary>
    public static Peer? OfScript(string script, IReadOnlyDictionary<string, string> environment, params IReadOnlyList<string> arguments) =>
        Start(Python, [Path.Combine(AppContext.BaseDirectory, "peers", script), .. arguments], environment);

    /// <summary>Starts a program that speaks as the scripts do; null where it ends before it is ready.</summary>
    public static Peer? Start(string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        try
        {
            var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            if (process.StandardOutput.ReadLine() is { } version) return new Peer(process, errors, version);
            process.WaitForExit();
            Console.Error.WriteLine($"{Path.GetFileName(arguments[0])}: {errors.Result.Trim().Split('\n')[^1]}");
            process.Dispose();
            return null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    /// <summary>One repetition: what it prints, seconds.</summary>
    public double[] Turn()
    {
        _process.StandardInput.WriteLine();
        _process.StandardInput.Flush();
        return _process.StandardOutput.ReadLine() is { } printed
            ? Array.ConvertAll(printed.Split(' '), text => double.Parse(text, CultureInfo.InvariantCulture))
            : throw new InvalidOperationException($"the peer ended before its turn: {_errors.Result}");
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
