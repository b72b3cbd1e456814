using System.Reflection;
using Amnre.Jobs.Ledger;

namespace Amnre.Cli;

/// <summary>What <c>amnre --version</c> says.</summary>
internal static class VersionText
{
    private const int CommitDigits = 12;

    /// <summary>The build, which schedulers and workers compare, and where it is known the commit that it was made from.</summary>
    public static string Full => ProgramVersion.Build + (Commit is { } commit ? $" (commit {commit})" : "");

    private static string? Commit =>
        typeof(VersionText).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')
        is [_, { Length: >= CommitDigits } commit]
        ? commit[..CommitDigits] : null;
}
