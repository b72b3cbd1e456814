using System.CommandLine;

namespace Amnre.Cli.Spelling;

/// <summary>The original's command lines, for any verb: options with one dash or two (<c>-samples</c>, <c>--samples</c>), cut short
/// while unambiguous (<c>-sim</c>), their value after a blank or <c>=</c>, lists up to the next option (<c>-masks =1 =2</c>),
/// negative numbers as values; of an option given twice the last counts, unless it is a <see cref="RepeatedOption"/>.
/// As Python's argparse reads them.</summary>
internal static class OriginalSpelling
{
    /// <param name="options">The options that the verb knows.</param>
    /// <param name="words">What stands after the verb.</param>
    public static Spelt Translate(IReadOnlyList<Option> options, IReadOnlyList<string> words)
    {
        var names = new OptionNames(options);
        var plain = new List<string>();
        var given = new Dictionary<Option, IReadOnlyList<string>>();
        var errors = new List<string>();
        for (var i = 0; i < words.Count;)
        {
            var word = words[i++];
            if (word == "--")
            {
                plain.AddRange(words.Skip(i));
                break;
            }

            if (!IsOption(word))
            {
                plain.Add(word);
                continue;
            }

            var equals = word.IndexOf('=', StringComparison.Ordinal);
            var (name, attached) = equals < 0 ? (word, null) : (word[..equals], word[(equals + 1)..]);
            var (option, error) = names.Find(name);
            if (option is null)
            {
                errors.Add(error!);
                // Its values, if any, would only make more errors.
                while (i < words.Count && !IsOption(words[i])) i++;
                continue;
            }

            List<string> values = attached is null ? [] : [attached];
            while (attached is null && i < words.Count && Takes(option, values.Count, words[i])) values.Add(words[i++]);
            if (values.Count < option.Arity.MinimumNumberOfValues)
                errors.Add($"option '{name}' needs " +
                    (option.Arity.MinimumNumberOfValues == 1 ? "a value" : $"{option.Arity.MinimumNumberOfValues} values"));
            given[option] = option is RepeatedOption && given.TryGetValue(option, out var earlier) ? [.. earlier, .. values] : values;
        }

        return new Spelt([.. given.SelectMany(pair => Words(pair.Key, pair.Value)), .. Separated(plain)], errors);
    }

    /// <summary>A dash and a name; not a negative number, nor anything with a blank in it, such as JSON.</summary>
    private static bool IsOption(string word) =>
        word.Length > 1 && word[0] == '-' && !(char.IsAsciiDigit(word[1]) || word[1] == '.')
        && !word.Contains(' ', StringComparison.Ordinal);

    private static bool Takes(Option option, int taken, string word)
    {
        if (taken >= option.Arity.MaximumNumberOfValues || IsOption(word)) return false;
        // A flag may be followed by something that is not its value.
        return option.ValueType != typeof(bool) || bool.TryParse(word, out _);
    }

    private static IEnumerable<string> Words(Option option, IReadOnlyList<string> values) =>
        values.Count == 0 ? [option.Name] : values.Select(value => $"{option.Name}={value}");

    private static List<string> Separated(List<string> plain) => plain.Exists(word => word.StartsWith('-')) ? ["--", .. plain] : plain;
}
