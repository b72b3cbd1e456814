using System.CommandLine;
using Amnre.Engine;

namespace Amnre.Cli.Spelling;

/// <summary>Translates a whole command line: a verb, then what <see cref="OriginalSpelling"/> reads.</summary>
internal static class CommandLine
{
    public static Spelt Translate(RootCommand root, IReadOnlyList<string> words)
    {
        if (words.Count == 0 || words[0].StartsWith('-') || words[0].StartsWith('[')) return new Spelt(words, []);
        if (root.Subcommands.FirstOrDefault(command => command.Name == words[0] || command.Aliases.Contains(words[0])) is not { } verb)
        {
            var near = NearestName.Of(words[0], root.Subcommands.Select(command => command.Name));
            return new Spelt([], [$"there is no verb '{words[0]}'{(near is null ? "" : $"; did you mean '{near}'?")}"]);
        }

        // A verb of verbs, such as 'gw prepare'.
        if (verb.Subcommands.Count > 0 && words.Count > 1 && !words[1].StartsWith('-'))
        {
            if (verb.Subcommands.FirstOrDefault(command => command.Name == words[1]) is { } inner)
            {
                var within = OriginalSpelling.Translate([.. inner.Options, .. root.Options.Where(option => option.Recursive)],
                    [.. words.Skip(2)]);
                return within with { Words = [words[0], words[1], .. within.Words] };
            }

            var close = NearestName.Of(words[1], verb.Subcommands.Select(command => command.Name));
            return new Spelt([], [$"'{verb.Name}' has no verb '{words[1]}'{(close is null ? "" : $"; did you mean '{close}'?")}"]);
        }

        IReadOnlyList<Option> options = [.. verb.Options, .. root.Options.Where(option => option.Recursive)];
        var spelt = OriginalSpelling.Translate(options, [.. words.Skip(1)]);
        return spelt with { Words = [words[0], .. spelt.Words] };
    }
}
