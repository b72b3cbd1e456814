using System.CommandLine;
using Amnre.Engine;

namespace Amnre.Cli.Spelling;

/// <summary>Options by name and by prefix.</summary>
internal sealed class OptionNames
{
    private readonly Dictionary<string, Option> _byName = new(StringComparer.Ordinal);

    public OptionNames(IEnumerable<Option> options)
    {
        foreach (var option in options)
            foreach (var name in option.Aliases.Prepend(option.Name))
                if (name.StartsWith('-')) _byName.TryAdd(name.TrimStart('-'), option);
    }

    /// <summary>The option that <paramref name="word"/> names (with its dashes), or what is wrong with it.</summary>
    public (Option? Option, string? Error) Find(string word)
    {
        var name = word.TrimStart('-');
        if (_byName.TryGetValue(name, out var exact)) return (exact, null);
        var matches = _byName.Where(pair => name.Length > 0 && pair.Key.StartsWith(name, StringComparison.Ordinal)).ToList();
        if (matches.Exists(pair => pair.Value is not IOwnOption)) matches.RemoveAll(pair => pair.Value is IOwnOption);
        if (matches.Select(pair => pair.Value).Distinct().Count() == 1) return (matches[0].Value, null);
        if (matches.Count > 1)
            return (null,
                $"option '{word}' could be {string.Join(" or ", matches.Select(pair => $"'-{pair.Key}'").Order(StringComparer.Ordinal))}: write more of it");
        var near = NearestName.Of(name, _byName.Keys.Where(known => known.Length > 1));
        return (null, near is null
            ? $"there is no option '{word}'"
            : $"there is no option '{word}'; did you mean '{word[..^name.Length]}{near}'?");
    }
}
