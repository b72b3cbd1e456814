using Amnre.Engine.Datasets;
using Amnre.Engine.Masks;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Figures;

/// <summary>Draws one figure as <c>figure.png</c>, <c>figure.pdf</c> and <c>figure.svg</c>; a corner figure of several masks as
/// <c>figure_&lt;mask&gt;.*</c> each.</summary>
public static class FigureRun
{
    /// <exception cref="InputException">Faulty settings, or files that are not there or not of the kind.</exception>
    /// <exception cref="OperationCanceledException">The run was told to stop.</exception>
    public static RunEnd Run(
        PlotSettings settings, ISimulator simulator, PlotInputs inputs, string outputDirectory, RunContext context)
    {
        PlotSettingsFaults.Of(settings, simulator).ThrowIfAny("figure");
        CheckInputs(settings, inputs);
        var pictures = settings.Type switch
        {
            "loss" => [("figure", LossFigure.Of(settings.Legend, inputs.Series))],
            "calibration" => [("figure", CalibrationFigure.Of(simulator, settings.Legend, inputs.Series))],
            _ => Corners(settings, simulator, inputs),
        };
        var progress = new PacedProgress(context, pictures.Count, "figures");
        for (var i = 0; i < pictures.Count; i++)
        {
            progress.Report(i);
            if (context.Drain.IsCancellationRequested) return RunEnd.Drained;
            pictures[i].Picture.Save(Path.Combine(outputDirectory, pictures[i].Name));
        }

        progress.Report(pictures.Count);
        return RunEnd.Completed;
    }

    private static List<(string Name, Picture Picture)> Corners(PlotSettings settings, ISimulator simulator, PlotInputs inputs)
    {
        var series = inputs.Series.Select((paths, k) => HistogramSeries.Read(paths, simulator, settings.Smooth.Count == 0 ? 0 : settings.Smooth[k])).ToList();
        var known = new ParameterMask(series.Aggregate(0u, (bits, one) => bits | one.Known), simulator.ThetaSize);
        IReadOnlyList<ParameterMask> masks = settings.Masks.Count > 0
            ? MaskList.Expand(settings.Masks, simulator.ThetaSize, null, out _)
            : [known];
        foreach (var mask in masks)
            if (!mask.IsSubsetOf(known))
                throw new InputException($"no histogram holds all parameters of mask '{mask}', only those of '{known}': draw that, or give more histograms");
        var panels = new CornerPanels(simulator, series, settings.Quantiles, Star(settings, simulator, inputs));
        return [.. masks.Select(mask =>
            (masks.Count == 1 ? "figure" : $"figure_{mask}", CornerFigure.Of(simulator, mask, panels, settings.Legend)))];
    }

    private static float[]? Star(PlotSettings settings, ISimulator simulator, PlotInputs inputs)
    {
        if (settings.Row is not { } row) return null;
        if (inputs.Samples is null)
            throw new InputException($"the star marks row {row} of a dataset: give the dataset, or leave the row out");
        using var samples = SampleSet.Open(inputs.Samples);
        if (samples.ThetaSize != simulator.ThetaSize)
            throw new InputException($"samples file '{inputs.Samples}' has {samples.ThetaSize} parameters, but {simulator.Name} has {simulator.ThetaSize}");
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
