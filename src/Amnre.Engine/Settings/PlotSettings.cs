namespace Amnre.Engine.Settings;

/// <summary>One figure. Outputs: <c>figure.png</c>, <c>figure.pdf</c>, <c>figure.svg</c>; with several masks
/// <c>figure_&lt;mask&gt;.*</c> each; of type error <c>figure_probability.*</c>, <c>figure_entropy.*</c>, <c>figure_distance.*</c>,
/// <c>figure_divergence.*</c>.</summary>
public sealed record PlotSettings
{
    /// <summary><c>loss</c>, <c>error</c>, <c>calibration</c>, <c>consistency</c>, <c>roc</c> or <c>corner</c>.</summary>
    public required string Type { get; init; }

    public required string Simulator { get; init; }

    /// <summary>One legend entry per series; the series' files come as inputs in the same order.</summary>
    public IReadOnlyList<string> Legend { get; init; } = [];

    /// <summary>Corner: the masks to draw, one figure each; the first is usually the full mask.</summary>
    public IReadOnlyList<string> Masks { get; init; } = [];

    /// <summary>Corner: the observation row whose true parameters are marked with a star; null for none.</summary>
    public int? Row { get; init; }

    /// <summary>Corner: for each legend entry the deviation, in bins, of the Gaussian that its histograms are smoothed with; empty for
    /// none.</summary>
    public IReadOnlyList<double> Smooth { get; init; } = [];

    /// <summary>Corner: for each legend entry whether marginals are also summed from its histograms of more parameters; empty for
    /// all.</summary>
    public IReadOnlyList<bool> Marginalize { get; init; } = [];

    /// <summary>Corner: masses of the highest-density regions.</summary>
    public IReadOnlyList<double> Quantiles { get; init; } = [0.6827, 0.9545, 0.9973];

    /// <summary>Corner: width of the triangle in inches; null for one that suits the number of parameters.</summary>
    public double? Size { get; init; }

    /// <summary>Corner: draw no legend.</summary>
    public bool HideLegend { get; init; }
}

/// <summary>The files a figure is drawn from.</summary>
/// <param name="Series">For each legend entry its files: statistics, evaluation tables or consistency
/// matrices (.csv), classified pairs (.h5) or histograms (.pth).</param>
/// <param name="Samples">Corner: dataset that holds the true parameters of the starred row.</param>
public sealed record PlotInputs(IReadOnlyList<IReadOnlyList<string>> Series, string? Samples = null);
