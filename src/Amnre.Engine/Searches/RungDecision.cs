using System.Globalization;
using System.Text.Json.Serialization;

namespace Amnre.Engine.Searches;

/// <summary>Which candidates of one rung go on, and why. A function of the candidates' metrics alone.</summary>
/// <param name="Metric">What was compared.</param>
/// <param name="Rung">From 1.</param>
/// <param name="Epochs">That the rung's trainings stopped after.</param>
/// <param name="Candidates">All of the search, in the order of the file.</param>
public sealed record RungDecision(string Metric, int Rung, int Epochs, IReadOnlyList<RankedCandidate> Candidates)
{
    /// <summary>Those that go on; of the last rung, the best alone.</summary>
    [JsonIgnore]
    public IEnumerable<RankedCandidate> Admitted => Candidates.Where(candidate => candidate.Admitted);

    /// <param name="settings">The rung.</param>
    /// <param name="before">The rung below; null for the first. Only what it admitted takes part.</param>
    /// <param name="values">The metric of each candidate that takes part; null where it is not a finite number.</param>
    /// <exception cref="InputException">No candidate has a finite metric.</exception>
    public static RungDecision Of(DecideSettings settings, RungDecision? before, IReadOnlyDictionary<string, double?> values)
    {
        var earlier = before?.Candidates.ToDictionary(candidate => candidate.Name, StringComparer.Ordinal);
        List<string> part = [.. settings.Candidates.Where(name => earlier is null || earlier[name].Admitted)];
        // Stable, so ties keep the order of the file.
        List<string> order = [.. part.OrderBy(name => values[name] is null).ThenBy(name => values[name])];
        var admitted = order.Take(settings.Keep).Where(name => values[name] is not null).ToList();
        if (admitted.Count == 0)
            throw new InputException(
                $"no candidate of rung {settings.Rung} has a finite {settings.Metric} after {settings.Epochs} epochs: " +
                "search over smaller learning rates, or look at the logs of the trainings");
        return new RungDecision(settings.Metric, settings.Rung, settings.Epochs, [.. settings.Candidates.Select(Ranked)]);

        RankedCandidate Ranked(string name)
        {
            if (!part.Contains(name)) return earlier![name] with { Metric = null, Rank = null };
            var (rank, value) = (order.IndexOf(name) + 1, values[name]);
            var isAdmitted = admitted.Contains(name);
            var reason = isAdmitted
                ? $"{(settings.Adopts ? "chosen" : "admitted")} at rung {settings.Rung}: {Text(value)}, rank {rank} of {part.Count}"
                : $"pruned at rung {settings.Rung}: {(value is null ? $"its {settings.Metric} is not a number" : Text(value))}, " +
                    $"the {Ordinal(admitted.Count)} was {Text(values[admitted[^1]])}";
            return new RankedCandidate(name, value, rank, isAdmitted, reason);
        }
    }

    private static string Text(double? value) => value is { } number ? number.ToString("G6", CultureInfo.InvariantCulture) : "not a number";

    private static string Ordinal(int place) => place switch
    {
        1 => "best",
        2 => "second best",
        3 => "third best",
        _ => string.Create(CultureInfo.InvariantCulture, $"{place}{Ending(place)} best"),
    };

    private static string Ending(int place) => (place % 100) is >= 11 and <= 13
        ? "th"
        : (place % 10) switch { 1 => "st", 2 => "nd", 3 => "rd", _ => "th" };
}

/// <summary>A candidate in a decision.</summary>
/// <param name="Name">Of the candidate.</param>
/// <param name="Metric">Null where it is not a finite number, or where it took no part.</param>
/// <param name="Rank">From 1; null where it took no part.</param>
/// <param name="Admitted">It goes on.</param>
/// <param name="Reason">A sentence: of one that took no part, that of the rung which pruned it.</param>
public sealed record RankedCandidate(string Name, double? Metric, int? Rank, bool Admitted, string Reason);
