using Spectre.Console;

namespace Amnre.Cli.Terminal;

/// <summary>Before the first use of <see cref="AnsiConsole"/>, by the verbs that use it: it takes a while to load.</summary>
internal static class ConsoleWidth
{
    /// <summary>Files and pipes have no width: a line stays a line there.</summary>
    public static void Unbounded()
    {
        if (Console.IsOutputRedirected) AnsiConsole.Profile.Width = 500;
    }
}
