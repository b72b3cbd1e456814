using System.CommandLine;
using System.CommandLine.Completions;
using System.Text.RegularExpressions;
using Amnre.Engine;
using Amnre.Engine.Fields;

namespace Amnre.Cli.Spelling;

/// <summary>The options that follow from the fields of a record of settings.</summary>
internal sealed partial class FieldOptions<TSettings>
{
    private readonly TSettings _defaults;

    private readonly List<(Field<TSettings> Field, Option Option)> _options;

    /// <param name="fields">Those that commands have become options.</param>
    /// <param name="defaults">Values of options that are not given.</param>
    /// <param name="told">What the help says instead of a default, by the field's name.</param>
    public FieldOptions(FieldTable<TSettings> fields, TSettings defaults, params IReadOnlyList<(string Name, string Default)> told)
    {
        _defaults = defaults;
        _options = [.. fields.At(FieldPlaces.Command)
            .Select(field => (field, OptionOf(field, told.FirstOrDefault(one => one.Name == field.Name).Default)))];
    }

    /// <summary>Those of the original.</summary>
    public IEnumerable<Option> Original => _options.Where(one => !one.Field.IsOwn).Select(one => one.Option);

    /// <summary>Those that it lacks.</summary>
    public IEnumerable<Option> Own => _options.Where(one => one.Field.IsOwn).Select(one => one.Option);

    /// <summary>What was written, by the fields' names.</summary>
    public Dictionary<string, RawValue> Given(ParseResult parsed) => (
        from one in _options
        let result = parsed.GetResult(one.Option)
        where result is { Implicit: false }
        select KeyValuePair.Create(one.Field.Name, Raw(one.Field, [.. result.Tokens.Select(token => token.Value)]))).ToDictionary();

    /// <exception cref="InputException">Values that cannot be read, all of them.</exception>
    public TSettings Read(IReadOnlyDictionary<string, RawValue> given)
    {
        var (settings, wrong) = (_defaults, new List<string>());
        foreach (var (field, option) in _options.Where(one => given.ContainsKey(one.Field.Name)))
        {
            var (read, complaint) = field.Read(settings, given[field.Name]);
            if (complaint is null) settings = read;
            else wrong.Add(complaint.OfOption(option.Name));
        }

        return wrong.Count == 0 ? settings : throw new InputException(string.Join("; ", wrong));
    }

    private static RawValue Raw(Field<TSettings> field, IReadOnlyList<string> words) => words switch
    {
        // A flag alone.
        [] when field.IsFlag => new RawValue.Scalar("true"),
        [var one] when field.Items.Max == 1 => new RawValue.Scalar(one),
        _ => new RawValue.Sequence(words),
    };

    private Option OptionOf(Field<TSettings> field, string? told)
    {
        var help = Markup().Replace(field.Help, "$1") + (told is null ? "" : $" [default: {told}]");
        if (field.IsFlag)
            return field.IsOwn ? Described(new OwnOption<bool>(field.OptionName)) : Described(new Option<bool>(field.OptionName));
        if (field.Items.Max == 1)
            return field.IsOwn ? Single(new OwnOption<string>(field.OptionName)) : Single(new Option<string>(field.OptionName));
        return field.IsOwn ? List(new OwnOption<string[]>(field.OptionName)) : List(new Option<string[]>(field.OptionName));

        Option Described(Option option)
        {
            option.Description = help;
            return option;
        }

        Option Single(Option<string> option)
        {
            var text = field.Text(_defaults);
            if (told is null && text.Length > 0) option.DefaultValueFactory = _ => text;
            option.CompletionSources.Add(_ => field.Choices.Select(choice => new CompletionItem(choice)));
            return Described(option);
        }

        Option List(Option<string[]> option)
        {
            var (min, max) = field.Items;
            option.Arity = max == int.MaxValue ? min == 0 ? ArgumentArity.ZeroOrMore : ArgumentArity.OneOrMore
                : new ArgumentArity(min, max);
            return Described(option);
        }
    }

    /// <summary>Code, and links, of which the text stays.</summary>
    [GeneratedRegex(@"`|\[([^\]`]+)\]\([^)]*\)")]
    private static partial Regex Markup();
}
