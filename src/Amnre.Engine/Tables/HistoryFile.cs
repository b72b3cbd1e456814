using System.Globalization;
using System.Text;
using System.Text.Json.Serialization;
using Amnre.Engine.Checkpoints;

namespace Amnre.Engine.Tables;

/// <summary>One epoch of a training.</summary>
/// <param name="Epoch">From 1.</param>
/// <param name="Seconds">Of the training part alone.</param>
/// <param name="Rate">Learning rate used.</param>
/// <param name="Mean">Mean loss of the epoch's batches; NaN when none was finite.</param>
/// <param name="Deviation">Unbiased standard deviation over those batches; NaN for fewer than two.</param>
/// <param name="ValidationMean">Likewise over the validation batches; null without a validation set.</param>
/// <param name="ValidationDeviation">Likewise.</param>
public sealed record EpochStatistics(
    int Epoch, double Seconds, double Rate, float Mean, float Deviation, float? ValidationMean, float? ValidationDeviation)
{
    /// <summary>Mean cross-entropy (NLL) of the ratios over the validation batches, by which models of different losses can be compared;
    /// null where the loss is one of the original's, or without a validation set.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public float? ValidationCrossEntropy { get; init; }
}

/// <summary>The statistics of a training (<c>.csv</c>): <c>epoch,time,lr,mean,std[,v_mean,v_std[,v_nll]]</c>. Their only reader and
/// writer.</summary>
public static class HistoryFile
{
    /// <summary>As a training job calls it, in the folder of its model.</summary>
    public const string Name = "model.csv";

    private const string Header = "epoch,time,lr,mean,std", Validated = ",v_mean,v_std", Compared = ",v_nll";

    /// <summary>Headers by the number of columns.</summary>
    private static readonly Dictionary<int, string> Headers =
        new() { [5] = Header, [7] = Header + Validated, [8] = Header + Validated + Compared };

    public static void Write(string path, IReadOnlyList<EpochStatistics> epochs) => AtomicFile.WriteText(path, Text(epochs));

    /// <exception cref="InputException">Missing, or not such a table.</exception>
    public static IReadOnlyList<EpochStatistics> Read(string path)
    {
        if (!File.Exists(path)) throw new InputException($"table '{path}': there is no such file");
        string[] lines;
        try
        {
            lines = [.. PlainFile.Lines(path).Where(line => line.Length > 0)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"'{path}' cannot be read: {error.Message}", error);
        }

        if (lines.Length == 0 || Columns(lines[0]) is not { } columns)
            throw new InputException(
                $"'{path}' is no table of training statistics: its first line must be '{string.Join("' or '", Headers.Values)}'");
        return [.. lines.Skip(1).Select((line, i) => Parse(line.Split(','), columns)
            ?? throw new InputException($"'{path}', line {i + 2}: '{line}' does not fit the header '{lines[0]}'"))];
    }

    /// <summary>For readers while it is written, or after it was torn: the epochs before the first line that does not
    /// fit.</summary>
    /// <param name="lines">Empty, or of another table: no epochs.</param>
    public static IReadOnlyList<EpochStatistics> Beginning(IReadOnlyList<string> lines) =>
        lines.Count == 0 || Columns(lines[0]) is not { } columns ? []
        : [.. lines.Skip(1).Select(line => Parse(line.Split(','), columns)).TakeWhile(epoch => epoch is not null)
            .Select(epoch => epoch!)];

    internal static string Text(IReadOnlyList<EpochStatistics> epochs)
    {
        var validated = epochs.Any(epoch => epoch.ValidationMean is not null);
        var compared = validated && epochs.Any(epoch => epoch.ValidationCrossEntropy is not null);
        var text = new StringBuilder(Headers[compared ? 8 : validated ? 7 : 5]).Append('\n');
        foreach (var epoch in epochs)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"{epoch.Epoch},{Cell(epoch.Seconds)},{Cell(epoch.Rate)},{Cell(epoch.Mean)},{Cell(epoch.Deviation)}");
            if (validated) text.Append(CultureInfo.InvariantCulture, $",{Cell(epoch.ValidationMean)},{Cell(epoch.ValidationDeviation)}");
            if (compared) text.Append(CultureInfo.InvariantCulture, $",{Cell(epoch.ValidationCrossEntropy)}");
            text.Append('\n');
        }

        return text.ToString();
    }

    private static string Cell(double? value) => value is null || double.IsNaN(value.Value) ? "" : PythonNumber.Text(value.Value);

    /// <summary>Of the table that begins with a line; null where it is none of these tables.</summary>
    private static int? Columns(string header) =>
        Headers.Where(one => one.Value == header).Select(one => (int?)one.Key).FirstOrDefault();

    private static EpochStatistics? Parse(string[] cells, int columns)
    {
        if (cells.Length != columns || !int.TryParse(cells[0], CultureInfo.InvariantCulture, out var epoch)) return null;
        var numbers = new double[cells.Length - 1];
        for (var i = 0; i < numbers.Length; i++)
            if (cells[i + 1].Length == 0) numbers[i] = double.NaN;
            else if (!double.TryParse(cells[i + 1], CultureInfo.InvariantCulture, out numbers[i])) return null;
        return new EpochStatistics(epoch, numbers[0], numbers[1], (float)numbers[2], (float)numbers[3],
            columns > 5 ? (float)numbers[4] : null, columns > 5 ? (float)numbers[5] : null)
        {
            ValidationCrossEntropy = columns > 7 && !double.IsNaN(numbers[6]) ? (float)numbers[6] : null,
        };
    }
}
