using System.Text.RegularExpressions;
using Amnre.Testing;

namespace Amnre.EndToEnd.Tests.Documents;

/// <summary>A page whose blocks are files, named by a comment in their first line, and commands.</summary>
internal static partial class DocumentPage
{
    /// <summary>Goes through a page from top to bottom: writes its files and runs its commands, in their order.</summary>
    /// <param name="name">Of a file in docs.</param>
    /// <param name="folder">Where.</param>
    /// <param name="runs">Which commands are run.</param>
    /// <returns>How many blocks it has, and what the commands printed.</returns>
    public static async Task<(int Blocks, string Printed)> DoAsync(string name, string folder, Func<string, bool> runs)
    {
        var stop = TestContext.Current.CancellationToken;
        var page = Block().Matches(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", name), stop));
        var (shell, printed) = (new DocumentShell(folder), "");
        foreach (Match block in page)
        {
            var text = block.Groups[2].Value;
            if (block.Groups[1].Value != "bash")
                await File.WriteAllTextAsync(Path.Combine(folder, text.Split('\n')[0].TrimStart('#', ' ')), text, stop);
            else if (runs(text))
                printed += await shell.RunAsync(text);
        }

        return (page.Count, printed);
    }

    [GeneratedRegex("^```(yaml|python|bash)\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
