using System.IO.Enumeration;

namespace Amnre.Jobs.Operations;

/// <summary>An experiment that a selection may mean.</summary>
/// <param name="Newest">No later version of its name exists.</param>
internal sealed record SelectableExperiment(long Id, string Name, int Version, bool Newest);

/// <summary>What a user's words select. Pure.</summary>
/// <remarks>
/// <code>
/// quickstart                   the newest version of an experiment
/// quickstart@2                 an earlier version
/// sweep-*                      every experiment so called
/// quickstart/train/slcp-amnre  a job
/// quickstart/train/*           jobs; * stands for anything, / included, ? for one character
/// quickstart/slcp-amnre        every job of a model: where no job is called so, those whose name ends in /slcp-amnre
/// train/slcp-amnre             the same without the experiment, where only one has such jobs
/// </code>
/// </remarks>
internal static class Selection
{
    /// <summary>The experiments that may be meant, each with the pattern of its jobs; null means all.</summary>
    /// <returns>Empty when the words name neither. With <c>Named</c> false no experiment was named, and any that has such jobs is
    /// meant.</returns>
    public static (bool Named, IReadOnlyList<(SelectableExperiment Experiment, string? Jobs)> Meant) Experiments(
        string text, IReadOnlyList<SelectableExperiment> known)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var (head, rest) = slash < 0 ? (text, null) : (text[..slash], text[(slash + 1)..]);
        var at = head.LastIndexOf('@');
        var version = at >= 0 && int.TryParse(head[(at + 1)..], out var given) ? given : (int?)null;
        var name = version is null ? head : head[..at];
        var named = known
            .Where(one => IsLike(name, one.Name) && (version is { } v ? one.Version == v : one.Newest))
            .Select(one => (one, string.IsNullOrEmpty(rest) ? null : rest)).ToList();
        return named.Count > 0 ? (true, named) : (false, [.. known.Where(one => one.Newest).Select(one => (one, (string?)text))]);
    }

    /// <summary>The jobs whose names are what <paramref name="pattern"/> says; when there are none, those whose names end with it after a
    /// slash, so that <c>train/*</c> never reaches <c>sample/train/0</c> where there are trainings.</summary>
    public static IReadOnlySet<string> Jobs(string pattern, IReadOnlyCollection<string> names)
    {
        var whole = names.Where(name => IsLike(pattern, name)).ToHashSet(StringComparer.Ordinal);
        return whole.Count > 0 ? whole : names.Where(name => IsLike($"*/{pattern}", name)).ToHashSet(StringComparer.Ordinal);
    }

    private static bool IsLike(string pattern, string name) =>
        FileSystemName.MatchesSimpleExpression(pattern.Replace("\\", "\\\\", StringComparison.Ordinal), name, ignoreCase: false);
}
