using System.Globalization;
using System.Text.Json;
using Amnre.Jobs.Specs;

namespace Amnre.Testing;

/// <summary>What a decision of a small plan says: a function of its settings and fingerprint alone, as a real one's is of its
/// inputs.</summary>
public static class PlayedDecision
{
    /// <summary>Settings of decisions begin so: <c>decide 2.5 x y</c> takes that many seconds and speaks of two branches.</summary>
    public const string Word = "decide";

    /// <param name="kind">Of the job.</param>
    /// <param name="settings">As <see cref="Plans"/> writes them.</param>
    /// <param name="fingerprint">Of the job: each digit decides on a branch.</param>
    /// <returns>Empty of jobs that decide nothing.</returns>
    public static IReadOnlyList<DecidedBranch> Of(JobKind kind, string settings, Fingerprint fingerprint)
    {
        if (kind != JobKind.Decide) return [];
        using var document = JsonDocument.Parse(settings);
        var branches = document.RootElement.GetProperty("value").GetString()!.Split(' ')[2..];
        return [.. branches.Select((branch, place) =>
        {
            var admitted = int.Parse(fingerprint.Text.AsSpan(place, 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture) % 2 == 0;
            return new DecidedBranch(branch, admitted, $"{branch} was {(admitted ? "admitted" : "pruned")}");
        })];
    }
}
