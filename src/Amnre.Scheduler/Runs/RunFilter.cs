using System.Globalization;
using Amnre.Engine.Settings;

namespace Amnre.Scheduler.Runs;

/// <summary>One condition on a run, such as <c>lr&lt;0.001</c>, <c>state=failed</c> or <c>name~amnre</c>.</summary>
/// <param name="Operator"><c>=</c>, <c>!=</c>, <c>&lt;</c>, <c>&lt;=</c>, <c>&gt;</c>, <c>&gt;=</c>, or <c>~</c> for a part of the
/// text.</param>
public sealed record RunFilter(string Column, string Operator, string Value)
{
    private static readonly string[] Operators = ["!=", "<=", ">=", "=", "<", ">", "~"];

    /// <summary>Conditions between blanks; all must hold. Blanks in a column or a value are kept between double quotes: <c>"validation
    /// loss"&lt;0.4</c>.</summary>
    /// <param name="text">As a user wrote it.</param>
    /// <param name="errors">What was not understood, for people.</param>
    public static IReadOnlyList<RunFilter> Parse(string text, out IReadOnlyList<string> errors)
    {
        var (filters, wrong) = (new List<RunFilter>(), new List<string>());
        foreach (var word in Words(text))
        {
            var found = Operators.Select(sign => (Sign: sign, At: word.IndexOf(sign, StringComparison.Ordinal))).Where(sign => sign.At > 0)
                .OrderBy(sign => sign.At).ThenByDescending(sign => sign.Sign.Length).FirstOrDefault();
            if (found.Sign is null) wrong.Add($"'{word}' is no condition: write column, one of {string.Join(' ', Operators)}, and a " +
                "value, as in lr<0.001 or name~amnre");
            else filters.Add(new RunFilter(SettingName.OfKey(word[..found.At]), found.Sign, word[(found.At + found.Sign.Length)..]));
        }

        errors = wrong;
        return filters;
    }

    public bool Holds(Run run)
    {
        var value = RunColumns.Value(run, Column);
        if (Operator == "~") return value is not null && RunColumns.Text(value).Contains(Value, StringComparison.OrdinalIgnoreCase);
        if (RunColumns.IsMissing(value)) return Operator == "!=";
        if (value is double number && double.TryParse(Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var limit))
            return Holds(number.CompareTo(limit), number == limit);
        var order = StringComparer.OrdinalIgnoreCase.Compare(RunColumns.Text(value), Value);
        return Holds(order, order == 0);
    }

    private bool Holds(int order, bool equal) => Operator switch
    {
        "=" => equal,
        "!=" => !equal,
        "<" => order < 0,
        "<=" => order < 0 || equal,
        ">" => order > 0,
        _ => order > 0 || equal,
    };

    private static IEnumerable<string> Words(string text)
    {
        var (word, quoted) = (new System.Text.StringBuilder(), false);
        foreach (var c in text)
        {
            if (c == '"') quoted = !quoted;
            else if (!char.IsWhiteSpace(c) || quoted) word.Append(c);
            else if (word.Length > 0)
            {
                yield return word.ToString();
                word.Clear();
            }
        }

        if (word.Length > 0) yield return word.ToString();
    }
}
