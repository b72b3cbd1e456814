namespace Amnre.Engine.Figures;

/// <summary>One training's losses by epoch, those that are numbers.</summary>
internal sealed record LossLine(IReadOnlyList<double> Epochs, IReadOnlyList<double> Losses, int Series, bool IsValidation)
{
    public static LossLine Of(IReadOnlyList<double> epochs, IReadOnlyList<double> losses, int series, bool isValidation)
    {
        var points = epochs.Zip(losses).Where(point => double.IsFinite(point.Second)).ToList();
        return new LossLine(points.ConvertAll(point => point.First), points.ConvertAll(point => point.Second), series, isValidation);
    }

    /// <summary>The same line as seen between two losses: what is beyond runs along the bound. A dash of a line that leaves the
    /// picture by ten million heights is drawn ten million times.</summary>
    public LossLine Within(double low, double high)
    {
        var (epochs, losses) = (new List<double>(), new List<double>());
        for (var i = 0; i < Epochs.Count; i++)
        {
            if (i > 0)
            {
                var (from, to) = (Losses[i - 1], Losses[i]);
                // In the order in which the line meets the bounds.
                foreach (var bound in from < to ? (double[])[low, high] : [high, low])
                {
                    if ((from - bound) * (to - bound) >= 0) continue;
                    epochs.Add(Epochs[i - 1] + (bound - from) / (to - from) * (Epochs[i] - Epochs[i - 1]));
                    losses.Add(bound);
                }
            }

            epochs.Add(Epochs[i]);
            losses.Add(Math.Clamp(Losses[i], low, high));
        }

        return this with { Epochs = epochs, Losses = losses };
    }
}
