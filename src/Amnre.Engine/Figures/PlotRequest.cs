using Amnre.Engine.Settings;

namespace Amnre.Engine.Figures;

/// <summary>What the original's <c>plots.py TYPE INPUT… [-o OUT] [-simulator S]</c> says.</summary>
public sealed record PlotRequest
{
    /// <summary>The original's, or <c>coverage</c>, <c>ranks</c>, <c>predictive</c> or <c>information</c>.</summary>
    public required FigureType Type { get; init; }

    /// <summary>Tables (loss, calibration, consistency, coverage, ranks), draws with predictions (predictive), histograms and mean log
    /// ratios (information), or one JSON description (error, roc, corner).</summary>
    public required IReadOnlyList<string> Inputs { get; init; }

    /// <summary>The ending, .pdf, .svg or .png, says the format; without one all three are written. Where a type makes several figures,
    /// what tells them apart goes before the ending.</summary>
    public string Output { get; init; } = "products/plots/out.pdf";

    /// <summary>Null for the first known simulator whose name occurs in the first input's path.</summary>
    public string? Simulator { get; init; }

    /// <summary>Predictive: the observation; null for the first of each file.</summary>
    public int? Row { get; init; }

    /// <summary>What the patterns of descriptions are relative to.</summary>
    public string Directory { get; init; } = ".";
}
