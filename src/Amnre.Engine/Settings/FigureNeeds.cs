namespace Amnre.Engine.Settings;

/// <summary>What figures of a type are drawn from.</summary>
public sealed record FigureNeeds
{
    /// <summary>Whether its numbers come from evaluations; else from trainings.</summary>
    public bool Evaluation { get; private init; } = true;

    /// <summary>Whether the evaluations must have observation rows.</summary>
    public bool Rows { get; private init; }

    /// <summary>Whether it shows one observation.</summary>
    public bool Observation { get; private init; }

    /// <summary>Whether it shows histograms; without a named observation those of row 0.</summary>
    public bool Histograms { get; private init; }

    /// <summary>Whether it also shows mean log ratios, where the evaluation has them.</summary>
    private bool Averages { get; init; }

    /// <summary>Whether the original describes its input by a JSON file; else tables are named.</summary>
    public bool Description { get; private init; }

    /// <summary>Which outputs of a job it reads.</summary>
    private string Output { get; init; } = "table.csv";

    /// <summary>What an evaluation lacks, and the remedy; null where it has all.</summary>
    public Func<EvaluateSettings, string?> Lack { get; private init; } = _ => null;

    /// <summary>What figures of <paramref name="type"/> need.</summary>
    public static FigureNeeds Of(FigureType type) => type switch
    {
        FigureType.Loss => new() { Evaluation = false, Output = "model.csv" },
        FigureType.Error => new() { Rows = true, Description = true },
        FigureType.Calibration => new()
        {
            Rows = true,
            Lack = source => source.Calibration ? null : "has no percentiles: give it calibration: true",
        },
        FigureType.Consistency => new()
        {
            Rows = true,
            Output = "consistency_*",
            Lack = source => source.Consistency ? null : "has no matrices: give it consistency: true",
        },
        FigureType.Roc => new()
        {
            Description = true,
            Output = "roc.h5",
            Lack = source => source.Classify ? null : "classifies no pairs: give it classify: true",
        },
        FigureType.Corner => new()
        {
            Observation = true,
            Histograms = true,
            Description = true,
            Lack = source => source.Clean ? "keeps no histograms: remove its clean: true" : null,
        },
        FigureType.Coverage => new()
        {
            Rows = true,
            Output = "coverage.csv",
            Lack = source => source.Coverage ? null : "tabulates no coverage: give it coverage: true",
        },
        FigureType.Ranks => new()
        {
            Rows = true,
            Output = "ranks.csv",
            Lack = source => source.Diagnostics ? null : "has no ranks: give it diagnostics: true",
        },
        FigureType.Information => new()
        {
            Rows = true,
            Observation = true,
            Histograms = true,
            Averages = true,
            Lack = source => source.Clean ? "keeps no histograms: remove its clean: true"
                : source.Given is not null ? "is conditioned on values, and this figure compares with the prior: draw one without given"
                : null,
        },
        FigureType.Predictive => new()
        {
            Rows = true,
            Observation = true,
            Output = "draws.h5",
            Lack = source => source.Predictive ? null : "simulates nothing from its draws: give it predictive: true",
        },
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
    };

    /// <summary>Names, or patterns, of the outputs of a job that it reads.</summary>
    /// <param name="row">The observation that it shows.</param>
    /// <param name="masks">Of the histograms to take; none for all.</param>
    /// <param name="source">The evaluation; null for a training.</param>
    public IEnumerable<string> Outputs(int row, IReadOnlyList<string> masks, EvaluateSettings? source)
    {
        if (!Histograms) return [Output];
        var histograms = masks.Count == 0 ? [$"histograms/{row}_*"] : masks.Select(mask => $"histograms/{row}_{mask}*");
        return Averages && source?.Kl == true ? histograms.Append("kl.json") : histograms;
    }
}
