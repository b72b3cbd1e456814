using System.Globalization;
using System.Text.RegularExpressions;

namespace Amnre.Jobs.Specs;

/// <summary>Lengths of time as Slurm's users write them.</summary>
public static partial class TimeLimit
{
    /// <param name="text"><c>M</c>, <c>M:S</c>, <c>H:M:S</c>, <c>D-H</c>, <c>D-H:M</c> or <c>D-H:M:S</c>: minutes where one number stands
    /// alone.</param>
    /// <returns>Null when it is no length of time, or none at all.</returns>
    public static TimeSpan? Parse(string text)
    {
        if (Written().Match(text) is not { Success: true } match) return null;
        var fields = match.Groups["fields"].Value.Split(':').Select(field => int.Parse(field, CultureInfo.InvariantCulture)).ToArray();
        var time = match.Groups["days"] is { Success: true } days
            ? new TimeSpan(int.Parse(days.Value, CultureInfo.InvariantCulture), fields[0], fields.ElementAtOrDefault(1),
                fields.ElementAtOrDefault(2))
            : fields.Length == 3 ? new TimeSpan(fields[0], fields[1], fields[2]) : new TimeSpan(0, fields[0], fields.ElementAtOrDefault(1));
        return time > TimeSpan.Zero ? time : null;
    }

    [GeneratedRegex("^(?:(?<days>[0-9]{1,3})-)?(?<fields>[0-9]{1,5}(?::[0-5]?[0-9]){0,2})$")]
    private static partial Regex Written();
}
