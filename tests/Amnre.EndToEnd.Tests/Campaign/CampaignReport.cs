using System.Text;
using System.Text.Json;

namespace Amnre.EndToEnd.Tests.Campaign;

/// <summary>What a campaign came to, for people and as JSON.</summary>
internal static class CampaignReport
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    public static string Write(RoundReport undisturbed, IReadOnlyList<RoundReport> rounds, IReadOnlyList<string> leftOut)
    {
        var text = new StringBuilder();
        text.AppendLine($"undisturbed: {undisturbed.Seconds:F1} s, {undisturbed.Digests.Count} files");
        foreach (var round in rounds)
        {
            var same = undisturbed.Digests.Count(file => round.Digests.GetValueOrDefault(file.Key) == file.Value);
            text.AppendLine();
            text.AppendLine(
                $"seed {round.Seed}: {round.State} after {round.Seconds:F1} s, {same} of {undisturbed.Digests.Count} files identical, " +
                $"{round.Violations.Values.Sum()} violations, {round.Wasted:F1} s of work wasted");
            text.AppendLine($"  {"at",6}  {"recovered",9}  kill point");
            foreach (var strike in round.Strikes)
            {
                text.AppendLine($"  {strike.At,5:F1}s  {strike.RecoveredAfter,8:F1}s  " +
                    $"{strike.Kind}{(strike.Victim is null ? "" : $" ({strike.Victim})")} in " +
                    $"{(strike.UnderWay.Count == 0 ? "nothing" : string.Join(", ", strike.UnderWay))}");
            }

            foreach (var (outcome, spent) in round.Time) text.AppendLine($"  {spent.Attempts,3} attempts {outcome}: {spent.Seconds:F1} s");
        }

        var strikes = rounds.SelectMany(round => round.Strikes).ToList();
        text.AppendLine();
        text.AppendLine($"{rounds.Count} rounds, {strikes.Count} kill points, longest recovery " +
            $"{strikes.Max(strike => strike.RecoveredAfter):F1} s, {rounds.Sum(round => round.Wasted):F1} s of work wasted");
        text.AppendLine($"  {"kind",-42} {"times",5}  {"mean recovery",13}  {"longest",7}");
        foreach (var kind in strikes.GroupBy(strike => strike.Kind).OrderBy(kind => kind.Key, StringComparer.Ordinal))
        {
            text.AppendLine($"  {kind.Key,-42} {kind.Count(),5}  {kind.Average(strike => strike.RecoveredAfter),12:F1}s  " +
                $"{kind.Max(strike => strike.RecoveredAfter),6:F1}s");
        }

        foreach (var reason in leftOut) text.AppendLine($"left out: {reason}");

        var folder = Directory.CreateDirectory(Path.Combine(Artifacts(), "campaign")).FullName;
        File.WriteAllText(Path.Combine(folder, "campaign.txt"), text.ToString());
        File.WriteAllText(Path.Combine(folder, "campaign.json"), JsonSerializer.Serialize(new { undisturbed, rounds, leftOut }, Json));
        return text.ToString();
    }

    /// <summary>The build's folder of artifacts, which this program lies in.</summary>
    private static string Artifacts()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (folder.Name == "artifacts") return folder.FullName;
        }

        return Path.GetTempPath();
    }
}
