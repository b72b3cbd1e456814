using System.Text.RegularExpressions;

namespace Amnre.Cli.Spelling;

/// <summary>What the parser says, without the names of types.</summary>
internal static partial class CommandLineError
{
    public static string Of(string message)
    {
        if (Unparsed().Match(message) is not { Success: true } match) return message;
        var what = match.Groups["type"].Value switch
        {
            var type when type.Contains("UInt", StringComparison.Ordinal) => "a whole number from 0",
            var type when type.Contains("Int", StringComparison.Ordinal) => "a whole number, or is too large",
            var type when type.Contains("Boolean", StringComparison.Ordinal) => "true or false",
            var type when type.Contains("Double", StringComparison.Ordinal) => "a number",
            _ => "of the kind it takes",
        };
        return $"'{match.Groups["value"].Value}' of {match.Groups["name"].Value} is not {what}";
    }

    [GeneratedRegex("^Cannot parse argument '(?<value>.*)' for (?<name>(?:option|command) '.*') as expected type '(?<type>.*)'\\.?$",
        RegexOptions.Singleline)]
    private static partial Regex Unparsed();
}
