using Amnre.Engine.Rows;
using Amnre.Engine.SampleFiles;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Datasets;

/// <summary>Draws rows into a samples file.</summary>
public static class DatasetDrawing
{
    /// <param name="settings">What to draw.</param>
    /// <param name="simulator">What to draw from.</param>
    /// <param name="path">Where the file appears when it is whole; its folder is made.</param>
    /// <param name="context">What surrounds the run.</param>
    /// <returns>Where the rows come from; null when asked to drain, and no file.</returns>
    /// <exception cref="InputException">Invalid settings, an invalid reference, or rows that are not finite.</exception>
    /// <exception cref="IOException">The file cannot be written; nothing of it is left.</exception>
    /// <exception cref="OperationCanceledException">The run was told to stop.</exception>
    public static SampleOrigin? Run(DrawSettings settings, ISimulator simulator, string path, RunContext context)
    {
        SampleSettingsErrors.Of(settings, simulator).ThrowIfAny("sample");
        var moments = settings.Reference is { } reference ? ReferenceMoments.Of(reference, simulator) : null;
        var origin = new SampleOrigin
        {
            Simulator = simulator.Name,
            BasisDigest = simulator.BasisDigest,
            Seed = settings.Seed,
            FirstRow = settings.FirstRow,
            EndRow = settings.FirstRow + settings.Rows,
            OnNonFinite = settings.OnNonFinite,
        };
        var layout = new SampleLayout(settings.Rows, simulator.ThetaSize, simulator.ObservationShape, settings.ChunkRows)
        {
            Compression = settings.Compression,
            Moments = moments is not null || settings.MomentRows is not null,
            Names = SampleLayout.NamesOf(simulator),
        };
        var estimated = moments is null && settings.MomentRows is { } rows ? new MomentSum(simulator.ObservationSize, rows) : null;
        if (estimated is not null && settings.FirstRow > 0 && !Source(0).FillMoments(estimated, context, _ => { })) return null;

        using var writer = new SampleFileWriter(path, layout, origin);
        var source = Source(settings.FirstRow);
        if (!Draw(writer, source, estimated, simulator, context)) return null;
        origin = origin with { EndRow = source.NextRow, NonFiniteRows = source.NonFinite };
        if (estimated is not null)
        {
            if (!source.FillMoments(estimated, context, _ => { })) return null;
            moments = estimated.Result($"simulator {SimulatorReference.Plain(simulator.Name)}, seed {settings.Seed}", keepConstants: true);
        }

        return writer.Complete(origin, moments);

        RowSource Source(long firstRow) =>
            new(simulator, settings.Seed, firstRow, settings.OnNonFinite, settings.BatchRows, settings.Threads);
    }

    private static bool Draw(SampleFileWriter writer, RowSource source, MomentSum? moments, ISimulator simulator, RunContext context)
    {
        var progress = new PacedProgress(context, writer.Rows, "rows");
        var theta = new float[writer.ChunkRows * simulator.ThetaSize];
        var x = new float[writer.ChunkRows * simulator.ObservationSize];
        for (long done = 0; done < writer.Rows;)
        {
            var rows = writer.NextRows;
            var (someTheta, someX) = (theta.AsMemory(0, rows * simulator.ThetaSize), x.AsMemory(0, rows * simulator.ObservationSize));
            var before = done;
            if (!source.Fill(someTheta, someX, context, within => progress.Report(before + within))) return false;
            moments?.Add(someX.Span);
            writer.Append(someTheta, someX);
            done += rows;
        }

        progress.Report(writer.Rows);
        return true;
    }
}
