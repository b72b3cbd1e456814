using System.Text.Json.Serialization;
using Amnre.Engine.Fields;
using static Amnre.Engine.Fields.ValueRange;

namespace Amnre.Engine.Settings;

/// <summary>One figure. Outputs: <c>figure.png</c>, <c>figure.pdf</c>, <c>figure.svg</c>; with several masks
/// <c>figure_&lt;mask&gt;.*</c> each; of type error <c>figure_probability.*</c>, <c>figure_entropy.*</c>, <c>figure_distance.*</c>,
/// <c>figure_divergence.*</c>.</summary>
public sealed record PlotSettings
{
    /// <summary>Deviation in bins, and width of a figure.</summary>
    internal const double MaxSmoothing = 100, MaxInches = 40;

    public required FigureType Type { get; init; }

    public required string Simulator { get; init; }

    /// <summary>One legend entry per series; the series' files come as inputs in the same order.</summary>
    public IReadOnlyList<string> Legend { get; init; } = [];

    /// <summary>Corner: the masks to draw, one figure each; the first is usually the full mask.</summary>
    public IReadOnlyList<string> Masks { get; init; } = [];

    /// <summary>Corner: the observation row whose true parameters are marked with a star; null for none. Predictive, information: the
    /// observation; null for the first, and for row 0.</summary>
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

    /// <summary>Corner: values that the posteriors are conditioned on, by labels or places; said above the figure. Null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public IReadOnlyDictionary<string, float>? Given { get; init; }

    /// <summary>Its settings. Legend, smoothing and marginals are said of each entry of a figure, so that no section has them as they
    /// are.</summary>
    public static FieldTable<PlotSettings> Fields { get; } = new(new() { Simulator = "", Type = default }, FieldPlaces.ExperimentFile)
    {
        {
            "type", s => s.Type, (s, v) => s with { Type = v },
            "`loss`, `error`, `calibration`, `coverage`, `ranks`, `consistency`, `roc`, `corner`, `predictive` or `information`",
            new() { DefaultText = "required" }
        },
        { "simulator", s => s.Simulator, (s, v) => s with { Simulator = v }, "The simulator", new() { Places = FieldPlaces.None } },
        {
            "legend", s => s.Legend, (s, v) => s with { Legend = v }, "One for each entry", new() { Places = FieldPlaces.None }
        },
        {
            "masks", s => s.Masks, (s, v) => s with { Masks = v }, "Corner: which parameters; a picture for each mask",
            new() { DefaultText = "all known" }
        },
        {
            "row", s => s.Row, (s, v) => s with { Row = v },
            "Corner, predictive and information: the observation; a corner marks its true parameters. Without it the first that is " +
                "evaluated, and no mark",
            new() { Range = AtLeast(0), DefaultText = "none" }
        },
        {
            "smooth", s => s.Smooth, (s, v) => s with { Smooth = v },
            "Corner: for each entry the deviation, in bins, of a Gaussian to smooth with",
            new() { Range = Within(0, MaxSmoothing), Places = FieldPlaces.None }
        },
        {
            "marginalize", s => s.Marginalize, (s, v) => s with { Marginalize = v },
            "Corner: for each entry whether marginals are also summed from histograms of more parameters",
            new() { Places = FieldPlaces.None }
        },
        {
            "quantiles", s => s.Quantiles, (s, v) => s with { Quantiles = v }, "Corner: masses of the regions",
            new() { Range = Fraction }
        },
        {
            "size", s => s.Size, (s, v) => s with { Size = v }, "Corner: width in inches",
            new() { Range = UpTo(MaxInches), DefaultText = "suits the number of parameters" }
        },
        { "hide_legend", s => s.HideLegend, (s, v) => s with { HideLegend = v }, "Corner: draw no legend" },
        {
            "given", s => s.Given, (s, v) => s with { Given = v }, "Corner: values that the posteriors are conditioned on",
            new() { Form = GivenForm.Instance, Places = FieldPlaces.None }
        },
    };
}

/// <summary>The files a figure is drawn from.</summary>
/// <param name="Series">For each legend entry its files: statistics, evaluation tables or consistency
/// matrices (.csv), classified pairs (.h5), histograms (.pth) or mean log ratios (.json).</param>
/// <param name="Samples">Corner: dataset that holds the true parameters of the starred row.</param>
public sealed record PlotInputs(IReadOnlyList<IReadOnlyList<string>> Series, string? Samples = null)
{
    /// <summary>Corner and information: tables of the evaluations of a measured observation, whose warnings of the row are said above the
    /// figure.</summary>
    public IReadOnlyList<string> Tables { get; init; } = [];
}
