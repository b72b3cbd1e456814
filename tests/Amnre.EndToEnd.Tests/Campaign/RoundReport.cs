using System.Text.Json.Serialization;

namespace Amnre.EndToEnd.Tests.Campaign;

/// <summary>An attempt that was under way when a fault struck.</summary>
internal sealed record OpenAttempt(long Token, string Worker, string Job, DateTime LeaseUntil);

/// <summary>A fault: the kill point.</summary>
/// <param name="Victim">The worker; null when it was not one.</param>
/// <param name="At">Seconds since the round began.</param>
/// <param name="UnderWay">Jobs that it hit in the middle.</param>
internal sealed record Strike(string Kind, string? Victim, double At, IReadOnlyList<string> UnderWay, [property: JsonIgnore]
    IReadOnlyList<OpenAttempt> Hit)
{
    /// <summary>Seconds until all that it hit went on.</summary>
    public double? RecoveredAfter { get; set; }
}

internal sealed record TimeSpent(int Attempts, double Seconds);

/// <summary>What one round came to.</summary>
/// <param name="Time">Of attempts, by outcome.</param>
/// <param name="Violations">By invariant; all must be 0.</param>
/// <param name="Digests">SHA-256 of every file that holds no measured times, by job and name.</param>
/// <param name="Stand">Jobs and attempts at the end, for people.</param>
internal sealed record RoundReport(
    long? Seed, string State, double Seconds, IReadOnlyList<Strike> Strikes, IReadOnlyDictionary<string, TimeSpent> Time,
    IReadOnlyDictionary<string, long> Violations, IReadOnlyDictionary<string, string> Digests, string Stand)
{
    /// <summary>Seconds of attempts that led to nothing.</summary>
    public double Wasted =>
        Math.Round(Time.Where(spent => spent.Key is not ("succeeded" or "drained")).Sum(spent => spent.Value.Seconds), 1);
}
