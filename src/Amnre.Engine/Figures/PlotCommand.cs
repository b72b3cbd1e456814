using Amnre.Engine.Catalog;
using Amnre.Engine.CornerPlots;
using Amnre.Engine.Drawing;
using Amnre.Engine.Masks;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Figures;

/// <summary>Draws figures as the original's <c>plots.py</c> does, from the same inputs.</summary>
public static class PlotCommand
{
    internal const double PointsPerInch = 72;

    /// <summary>Draws what <paramref name="request"/> asks for. What a description names but is not there, or means nothing here, is told
    /// to <see cref="RunContext.Note"/>.</summary>
    /// <returns>The files written.</returns>
    /// <exception cref="InputException">Invalid options, or files that are not there or not of the kind.</exception>
    /// <exception cref="OperationCanceledException">The run was told to stop.</exception>
    public static IReadOnlyList<string> Run(PlotRequest request, RunContext context)
    {
        var type = EnumName.Of(request.Type);
        if (request.Inputs.Count == 0) throw new InputException($"a figure of type {type} needs an input: name at least one file");
        if (request.Row is not null && request.Type != FigureType.Predictive)
            throw new InputException($"--row {request.Row} says which observation a predictive figure shows: leave it out for type {type}");
        var described = FigureNeeds.Of(request.Type).Description;
        if (described && request.Inputs.Count > 1)
            throw new InputException($"figures of type {type} are described by one JSON file, not {request.Inputs.Count}");
        var (stem, formats) = Output(request.Output);

        var simulator = FindSimulator(request);
        var pictures = request.Type switch
        {
            FigureType.Corner => Corners(request, simulator, context),
            _ when described => Described(request, simulator, context),
            FigureType.Loss or FigureType.Coverage or FigureType.Ranks or FigureType.Predictive => FigureRun.Plain(request.Type, simulator,
                [.. request.Inputs.Select(path => Path.GetFileNameWithoutExtension(path))],
                [.. request.Inputs.Select(path => (string[])[path])], request.Row),
            _ => FigureRun.Plain(request.Type, simulator, [], [request.Inputs]),
        };
        var written = new List<string>();
        foreach (var (suffix, picture) in pictures)
        {
            foreach (var format in formats)
            {
                context.Stop.ThrowIfCancellationRequested();
                picture.Save(stem + suffix, format);
                written.Add(stem + suffix + format);
            }
        }

        return written;
    }

    private static (string Stem, IReadOnlyList<string> Formats) Output(string path)
    {
        var ending = Path.GetExtension(path);
        if (ending.Length == 0) return (path, Picture.Formats);
        return Picture.Formats.Contains(ending)
            ? (path[..^ending.Length], [ending])
            : throw new InputException(
                $"output '{path}': pictures end in {string.Join(", ", Picture.Formats)}, or in nothing for all of these");
    }

    private static ISimulator FindSimulator(PlotRequest request)
    {
        if (request.Simulator is { } given) return SimulatorCatalog.Find(given);
        var name = SimulatorCatalog.Names.Where(name => request.Inputs[0].Contains(name, StringComparison.OrdinalIgnoreCase))
            .MaxBy(name => name.Length);
        if (name is not null) return SimulatorCatalog.Find(name);
        // Losses have no parameters to name.
        return request.Type == FigureType.Loss
            ? SimulatorCatalog.Find(SimulatorCatalog.Names[0])
            : throw new InputException(
                $"'{request.Inputs[0]}' names no simulator in its path: give one of {string.Join(", ", SimulatorCatalog.Names)}");
    }

    private static IReadOnlyList<(string Suffix, Picture Picture)> Described(PlotRequest request, ISimulator simulator, RunContext context)
    {
        var (legend, series, named) = (new List<string>(), new List<IReadOnlyList<string>>(), new List<string>());
        foreach (var (name, patterns) in DescriptionFile.Read(request.Inputs[0]))
        {
            if (patterns is null)
                throw new InputException($"'{request.Inputs[0]}': '{name}' has no files: write a pattern or a list of them");
            legend.Add(name);
            var some = DescriptionFile.Patterns(patterns);
            named.AddRange(some);
            series.Add(Expand(some, request, context));
        }

        RefuseNothing(series, named, request);
        return FigureRun.Plain(request.Type, simulator, legend, series);
    }

    private static List<(string Suffix, Picture Picture)> Corners(PlotRequest request, ISimulator simulator, RunContext context)
    {
        var description = CornerDescription.Read(request.Inputs[0]);
        if (description.Ignored.Count > 0)
            context.Note($"'{request.Inputs[0]}': {string.Join(", ", description.Ignored)}: not known here, ignored");
        var files = description.Items.Select(item => Expand(item.Files, request, context)).ToList();
        RefuseNothing(files, description.Items.SelectMany(item => item.Files), request);
        var series = description.Items.Zip(files, (item, found) => HistogramSeries.Read(found, simulator, item.Smooth, item.Marginalize))
            .ToList();
        var star = description.Star is { } place ? FigureRun.Star(Path.Combine(request.Directory, place.Path), place.Row, simulator) : null;
        var (pictures, title) = (new List<(string, Picture)>(), FigureRun.Title(description.Given, simulator));
        foreach (var wanted in description.Masks)
        {
            var settings = new PlotSettings { Type = FigureType.Corner, Simulator = simulator.Name, Masks = [wanted.Mask] };
            if (wanted.Quantiles is { } quantiles) settings = settings with { Quantiles = quantiles };
            PlotSettingsErrors.Of(settings, simulator).ThrowIfAny($"'{request.Inputs[0]}'");
            foreach (var mask in MaskList.Expand(settings.Masks, simulator.ThetaSize, null, out _))
            {
                var panels = new CornerPanels(simulator, series, settings.Quantiles, star);
                pictures.Add(
                    ($"_{mask}",
                        CornerFigure.Of(simulator, mask, panels, description.Legend, wanted.Size * PointsPerInch, wanted.HideLegend)
                            .Titled(title)));
            }
        }

        return pictures;
    }

    /// <summary>One series without files may be left out; a figure of none would be empty.</summary>
    private static void RefuseNothing(IReadOnlyCollection<IReadOnlyList<string>> series, IEnumerable<string> patterns, PlotRequest request)
    {
        if (series.Count > 0 && series.All(files => files.Count == 0))
            throw new InputException($"'{request.Inputs[0]}': no file matches {string.Join(" ", patterns)}: there is nothing to draw");
    }

    private static List<string> Expand(IReadOnlyList<string> patterns, PlotRequest request, RunContext context)
    {
        var files = patterns.SelectMany(pattern => FileGlob.Expand(pattern, request.Directory)).Distinct().ToList();
        if (files.Count == 0) context.Note($"'{request.Inputs[0]}': no file matches {string.Join(" ", patterns)}: left out");
        return files;
    }
}
