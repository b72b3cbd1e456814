using System.Diagnostics;

namespace Amnre.EndToEnd.Tests.Campaign;

/// <summary>Programs of the system: mount, ip.</summary>
internal static class SystemCommand
{
    /// <returns>Null when it went well, else what it said.</returns>
    public static string? Try(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments)
            {
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            })!;
            var said = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? null : $"{program} {string.Join(' ', arguments)}: {said.Trim()}";
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            return $"{program}: {missing.Message}";
        }
    }
}
