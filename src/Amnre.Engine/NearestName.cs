namespace Amnre.Engine;

/// <summary>What a misspelt name was probably meant to be.</summary>
public static class NearestName
{
    private const int MaxEdits = 3;

    /// <summary>The candidate with the fewest edits from <paramref name="name"/>; null when none is near.</summary>
    public static string? Of(string name, IEnumerable<string> candidates)
    {
        // Lengths that differ by more make no near name, however long both are.
        var nearest = candidates.Where(candidate => Math.Abs(candidate.Length - name.Length) <= MaxEdits)
            .Select(candidate => (candidate, edits: Distance(candidate, name))).OrderBy(pair => pair.edits).FirstOrDefault();
        // Three edits make anything of a name of three letters.
        return nearest.candidate is not null && nearest.edits <= Math.Min(MaxEdits, Math.Max(1, name.Length / 2))
            ? nearest.candidate
            : null;
    }

    /// <summary>Edit distance (Levenshtein).</summary>
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)));
        }

        return row[^1];
    }
}
