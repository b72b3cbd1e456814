using System.Diagnostics;

namespace Amnre.EndToEnd.Tests.Documents;

/// <summary>A shell in a folder, as a reader of the documents has one: <c>amnre</c> is in its path.</summary>
internal sealed class DocumentShell(string folder, IReadOnlyDictionary<string, string> variables)
{
    public DocumentShell(string folder) : this(folder, new Dictionary<string, string>())
    {
    }

    /// <summary>Runs commands to their end.</summary>
    /// <returns>What they printed.</returns>
    public async Task<string> RunAsync(string commands)
    {
        var (code, printed) = await TryAsync(commands);
        Assert.True(code == 0, $"ended with {code}:\n{commands}\n{printed}");
        return printed;
    }

    public async Task<(int Code, string Printed)> TryAsync(string commands)
    {
        var stop = TestContext.Current.CancellationToken;
        using var process = Start(commands);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(stop), process.StandardError.ReadToEndAsync(stop));
        await process.WaitForExitAsync(stop);
        return (process.ExitCode, await output + await error);
    }

    /// <summary>A command that goes on until it is ended.</summary>
    public Process Start(string commands)
    {
        var info = new ProcessStartInfo("bash", ["-ec", commands])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        info.Environment["PATH"] = $"{Path.GetDirectoryName(AmnreProcess.Program)}:{info.Environment["PATH"]}";
        foreach (var name in info.Environment.Keys.Where(name => name.StartsWith("AMNRE_", StringComparison.Ordinal)).ToList())
            info.Environment.Remove(name);
        foreach (var (name, value) in variables) info.Environment[name] = value;
        return Process.Start(info)!;
    }
}
