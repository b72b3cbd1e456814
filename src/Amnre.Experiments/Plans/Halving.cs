namespace Amnre.Experiments.Plans;

/// <summary>The rungs of successive halving (Jamieson and Talwalkar 2016). Pure.</summary>
internal static class Halving
{
    /// <param name="candidates">At least 2.</param>
    /// <param name="first">Epochs of the first rung.</param>
    /// <param name="factor">At least 2: one of so many goes on, for so many times the epochs.</param>
    /// <param name="epochs">Of the last rung; more than <paramref name="first"/>.</param>
    /// <returns>At least two. A single candidate that is left is trained to the end at once.</returns>
    public static IReadOnlyList<SearchRung> Rungs(int candidates, int first, int factor, int epochs)
    {
        var rungs = new List<SearchRung>();
        var (left, trained) = (candidates, (long)first);
        while (trained < epochs && left > 1)
        {
            var keep = Math.Max(1, left / factor);
            rungs.Add(new SearchRung((int)trained, left, keep));
            (left, trained) = (keep, trained * factor);
        }

        rungs.Add(new SearchRung(epochs, left, 1));
        return rungs;
    }
}
