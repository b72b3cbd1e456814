using Amnre.Engine.Hdf5;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Figures;

/// <summary>One observation beside what was simulated from draws of its posterior.</summary>
/// <param name="Row">Its number in its dataset.</param>
/// <param name="Observed">(values).</param>
/// <param name="Predicted">(draws, values).</param>
internal sealed record PredictiveRow(int Row, float[] Observed, float[] Predicted)
{
    private const int LeastDraws = 10;

    public static IReadOnlyList<double> Levels { get; } = [0.025, 0.16, 0.5, 0.84, 0.975];

    /// <param name="path">Draws with <c>predictive</c> and <c>observed</c>, as evaluations write them.</param>
    /// <param name="row">Which observation; null for the first.</param>
    /// <param name="simulator">Whose observations.</param>
    /// <exception cref="InputException">No such file or row, or one without predictions.</exception>
    public static PredictiveRow Read(string path, int? row, ISimulator simulator)
    {
        if (!File.Exists(path)) throw new InputException($"draws '{path}': there is no such file");
        try
        {
            using var file = Hdf5File.Open(path);
            if (!file.Has("predictive") || !file.Has("observed"))
                throw new InputException("there is no 'predictive' with 'observed': evaluate with predictive");
            var (predicted, observed, index) = (file.Dataset("predictive"), file.Dataset("observed"), file.Dataset("index").Integers());
            var size = simulator.ObservationSize;
            var length = predicted.Dimensions.Skip(2).Aggregate(1L, (product, one) => checked(product * one));
            if (predicted.Dimensions is not [var rows, var draws, ..] || length != size || rows != index.Length || rows == 0
                || observed.Rows != rows || observed.Dimensions.Skip(1).Aggregate(1L, (product, one) => checked(product * one)) != size)
                throw new InputException($"'predictive' has shape ({string.Join(", ", predicted.Dimensions)}), not (rows, draws, " +
                    $"observation of {size} values), or 'observed' and 'index' are of other rows");
            if (draws is < LeastDraws or > int.MaxValue || draws * size > Array.MaxLength)
                throw new InputException($"{draws} draws of each row show no quantiles: give from {LeastDraws} on");
            var place = row is { } wanted ? Array.IndexOf(index, wanted) : 0;
            if (place < 0)
                throw new InputException($"there are no draws of row {row}, only of {index[0]} to {index[^1]}: take one of these");
            var (x, y) = (new float[size], new float[draws * size]);
            observed.Read(place, x);
            predicted.Read(place, y);
            return new PredictiveRow(checked((int)index[place]), x, y);
        }
        catch (InputException refused)
        {
            throw new InputException($"draws '{path}': {refused.Message}", refused);
        }
        catch (Exception damaged)
        {
            throw new InputException($"draws '{path}' cannot be read: {damaged.Message.TrimEnd('.')}. It must be HDF5, as an evaluation " +
                "writes it", damaged);
        }
    }

    /// <summary>Quantiles of each value, in the order of <see cref="Levels"/>; not a number where no prediction is one.</summary>
    public double[][] Quantiles()
    {
        var (size, quantiles) = (Observed.Length, new double[Observed.Length][]);
        for (var value = 0; value < size; value++)
        {
            var sorted = new List<double>();
            for (var at = value; at < Predicted.Length; at += size)
                if (float.IsFinite(Predicted[at])) sorted.Add(Predicted[at]);
            sorted.Sort();
            quantiles[value] = [.. Levels.Select(level => At(sorted, level))];
        }

        return quantiles;
    }

    private static double At(List<double> sorted, double level)
    {
        if (sorted.Count == 0) return double.NaN;
        var place = level * (sorted.Count - 1);
        var below = Math.Min((int)place, sorted.Count - 1);
        var above = Math.Min(below + 1, sorted.Count - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }
}
