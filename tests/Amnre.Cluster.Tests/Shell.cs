using System.Diagnostics;

namespace Amnre.Cluster.Tests;

/// <summary>Programs that tests run.</summary>
internal static class Shell
{
    /// <summary>For programs that no progress can be seen of, on a machine that has much else to do.</summary>
    private static readonly TimeSpan DefaultPatience = TimeSpan.FromMinutes(10);

    /// <summary>Runs a program to its end, which must be a success.</summary>
    /// <returns>What it printed, without the last line's end.</returns>
    public static Task<string> RunAsync(IReadOnlyDictionary<string, string?> environment, string program, params string[] arguments) =>
        RunAsync(DefaultPatience, environment, program, arguments);

    /// <inheritdoc cref="RunAsync(IReadOnlyDictionary{string, string?}, string, string[])"/>
    public static async Task<string> RunAsync(TimeSpan patience, IReadOnlyDictionary<string, string?> environment, string program,
        params string[] arguments)
    {
        var (code, output, error) = await TryAsync(patience, environment, program, arguments);
        return code == 0
            ? output.TrimEnd()
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {code}:\n{output}{error}");
    }

    public static Task<(int Code, string Output, string Error)> TryAsync(IReadOnlyDictionary<string, string?> environment, string program,
        params string[] arguments) =>
        TryAsync(DefaultPatience, environment, program, arguments);

    private static async Task<(int Code, string Output, string Error)> TryAsync(
        TimeSpan most, IReadOnlyDictionary<string, string?> environment, string program, params string[] arguments)
    {
        using var process = Start(environment, program, arguments);
        using var patience = new CancellationTokenSource(most);
        // Daemons inherit the pipes and keep them open: the program's own end counts.
        var (output, error) = (process.StandardOutput.ReadToEndAsync(patience.Token), process.StandardError.ReadToEndAsync(patience.Token));
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} took longer than {most}");
        }

        return (process.ExitCode, await output, await error);
    }

    public static Process Start(IReadOnlyDictionary<string, string?> environment, string program, params string[] arguments)
    {
        var info = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        foreach (var name in Environment.GetEnvironmentVariables().Keys.Cast<string>()
            .Where(name => name.StartsWith("AMNRE_", StringComparison.Ordinal) || name.StartsWith("SLURM_", StringComparison.Ordinal))
            .ToList())
            info.Environment.Remove(name);
        foreach (var (name, value) in environment) info.Environment[name] = value;
        return Process.Start(info)!;
    }
}
