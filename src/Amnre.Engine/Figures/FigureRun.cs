using Amnre.Engine.ChainRule;
using Amnre.Engine.CornerPlots;
using Amnre.Engine.Drawing;
using Amnre.Engine.Evaluation;
using Amnre.Engine.Masks;
using Amnre.Engine.SampleFiles;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Figures;

/// <summary>Draws one figure as <c>figure.png</c>, <c>figure.pdf</c> and <c>figure.svg</c>; a corner figure of several masks as
/// <c>figure_&lt;mask&gt;.*</c> each, and so on as <see cref="PlotSettings"/> says.</summary>
public static class FigureRun
{
    /// <exception cref="InputException">Invalid settings, or files that are not there or not of the kind.</exception>
    /// <exception cref="OperationCanceledException">The run was told to stop.</exception>
    public static RunEnd Run(
        PlotSettings settings, ISimulator simulator, PlotInputs inputs, string outputDirectory, RunContext context)
    {
        PlotSettingsErrors.Of(settings, simulator).ThrowIfAny("figure");
        CheckInputs(settings, inputs);
        var pictures = settings.Type == FigureType.Corner
            ? Corners(settings, simulator, inputs)
            : [.. Plain(settings.Type, simulator, settings.Legend, inputs.Series, settings.Row)
                .Select(figure => (figure.Suffix, figure.Picture.Titled(string.Join("; ", Warnings(settings, inputs)))))];
        var progress = new PacedProgress(context, pictures.Count, "figures");
        for (var i = 0; i < pictures.Count; i++)
        {
            progress.Report(i);
            if (context.Drain.IsCancellationRequested) return RunEnd.Drained;
            pictures[i].Picture.Save(Path.Combine(outputDirectory, "figure" + pictures[i].Suffix));
        }

        progress.Report(pictures.Count);
        return RunEnd.Completed;
    }

    /// <summary>All figures of a type other than corner, each with what its file's name ends in.</summary>
    internal static IReadOnlyList<(string Suffix, Picture Picture)> Plain(
        FigureType type, ISimulator simulator, IReadOnlyList<string> legend, IReadOnlyList<IReadOnlyList<string>> series,
        int? row = null) => type switch
        {
            FigureType.Loss => [("", LossFigure.Of(legend, series))],
            FigureType.Calibration => [("", CalibrationFigure.Of(simulator, legend, series))],
            FigureType.Coverage => [("", CoverageFigure.Of(simulator, legend, series))],
            FigureType.Ranks => [("", RanksFigure.Of(simulator, legend, series))],
            FigureType.Information => [("", InformationFigure.Of(simulator.Labels,
                [.. series.Where(paths => paths.Count > 0)
                    .Select((paths, i) => InformationMap.Of(paths, simulator, i < legend.Count ? legend[i] : "", row))]))],
            FigureType.Predictive => [("", PredictiveFigure.Of(simulator, legend, series, row))],
            FigureType.Consistency => [("", ConsistencyFigure.Of(simulator, [.. series.SelectMany(paths => paths)]))],
            FigureType.Roc => [.. RocFigure.Of(simulator, legend, series).Select(figure => ($"_{figure.Name}", figure.Picture))],
            FigureType.Error => [.. ErrorFigure.Of(simulator, legend, series).Select(figure => ($"_{figure.Name}", figure.Picture))],
            _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
        };

    private static IReadOnlyList<(string Suffix, Picture Picture)> Corners(PlotSettings settings, ISimulator simulator, PlotInputs inputs)
    {
        var series = inputs.Series.Select(
            (paths, k) => HistogramSeries.Read(paths, simulator, settings.Smooth.Count == 0 ? 0 : settings.Smooth[k],
            settings.Marginalize.Count == 0 || settings.Marginalize[k])).ToList();
        var known = new ParameterMask(series.Aggregate(0u, (bits, one) => bits | one.Known), simulator.ThetaSize);
        IReadOnlyList<ParameterMask> masks = settings.Masks.Count > 0
            ? MaskList.Expand(settings.Masks, simulator.ThetaSize, null, out _)
            : [known];
        foreach (var mask in masks)
            if (!mask.IsSubsetOf(known))
                throw new InputException(
                    $"no histogram holds all parameters of mask '{mask}', only those of '{known}': draw that, or give more histograms");
        var panels = new CornerPanels(simulator, series, settings.Quantiles, Star(settings, simulator, inputs));
        var title = string.Join("; ", Warnings(settings, inputs).Append(Title(settings.Given, simulator)).Where(part => part.Length > 0));
        return [.. masks.Select(mask =>
            (masks.Count == 1
                ? ""
                : $"_{mask}",
                CornerFigure.Of(simulator, mask, panels, settings.Legend, settings.Size * PlotCommand.PointsPerInch,
                    settings.HideLegend).Titled(title)))];
    }

    /// <summary>What conditional posteriors are conditioned on, for their figures; empty for those of the observation alone.</summary>
    internal static string Title(IReadOnlyDictionary<string, float>? given, ISimulator simulator) =>
        given is null || Condition.Of(given, simulator) is not { } condition ? "" : $"given {condition.Text(simulator)}";

    /// <summary>What speaks against the posterior of the figure's row, for its title.</summary>
    private static IEnumerable<string> Warnings(PlotSettings settings, PlotInputs inputs) =>
        inputs.Tables.SelectMany(table => EvaluationTable.Warnings(table, settings.Row ?? 0)).Distinct().Select(NotToBeTrusted);

    /// <summary>The title of a posterior that a warning speaks against.</summary>
    internal static string NotToBeTrusted(string warning) => $"Not to be trusted: {warning}";

    private static float[]? Star(PlotSettings settings, ISimulator simulator, PlotInputs inputs)
    {
        // True parameters of what was measured are not known.
        if (settings.Row is not { } row || inputs.Tables.Count > 0) return null;
        if (inputs.Samples is null)
            throw new InputException($"the star marks row {row} of a dataset: give the dataset, or leave the row out");
        return Star(inputs.Samples, row, simulator);
    }

    /// <summary>The true parameters of a row of a dataset.</summary>
    internal static float[] Star(string path, int row, ISimulator simulator)
    {
        using var samples = SampleSet.Open(path);
        if (samples.ThetaSize != simulator.ThetaSize)
            throw new InputException(
                $"samples file '{path}' has {samples.ThetaSize} parameters, but {simulator.PlainName} has {simulator.ThetaSize}");
        var theta = new float[simulator.ThetaSize];
        samples.Read(row, theta, []);
        return theta;
    }

    private static void CheckInputs(PlotSettings settings, PlotInputs inputs)
    {
        if (inputs.Series.Count == 0 || inputs.Series.Any(paths => paths.Count == 0))
            throw new InputException("figure: a series has no files: give at least one for each");
        if (settings.Legend.Count > 0 && settings.Legend.Count != inputs.Series.Count)
            throw new InputException(
                $"figure: the legend has {settings.Legend.Count} entries for {inputs.Series.Count} series: write one for each, or none");
    }
}
