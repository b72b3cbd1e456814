using System.Globalization;

namespace Amnre.Engine.Training;

/// <summary>Batches of a training that changed no weight because a number was not finite, by the first cause that applies.</summary>
/// <param name="Rows">Their theta or x was not finite.</param>
/// <param name="Loss">The rows were, but not their loss.</param>
/// <param name="Gradient">The loss was, but not its gradient.</param>
/// <param name="FirstRow">The first such row met; null where none is known.</param>
internal sealed record SkippedSteps(long Rows, long Loss, long Gradient, string? FirstRow)
{
    public static readonly SkippedSteps None = new(0, 0, 0, null);

    public long Count() => Rows + Loss + Gradient;

    public SkippedSteps ForRows(string? row) => this with { Rows = Rows + 1, FirstRow = FirstRow ?? row };

    /// <summary>How many there were of which cause, as a clause: <c>3 hold values that are not finite (first met: …), 1 has a loss that is
    /// not</c>.</summary>
    public string Causes()
    {
        var causes = new List<string>();
        if (Rows > 0)
            causes.Add($"{Number(Rows)} for theta or x that is not finite{(FirstRow is null ? "" : $" (first met: {FirstRow})")}");
        if (Loss > 0) causes.Add($"{Number(Loss)} for a loss that is not finite");
        if (Gradient > 0) causes.Add($"{Number(Gradient)} for a gradient that is not finite");
        return string.Join(", ", causes);
    }

    /// <summary>What helps against the causes.</summary>
    public string Remedy()
    {
        var remedies = new List<string>();
        if (Rows > 0) remedies.Add("leave such rows out of the dataset (amnre sample --on-nonfinite drop)");
        if (Loss > 0 || Gradient > 0) remedies.Add("lower the learning rate, or standardise x (amnre sample -moments)");
        return string.Join("; ", remedies);
    }

    private static string Number(long count) => count.ToString(CultureInfo.InvariantCulture);
}
