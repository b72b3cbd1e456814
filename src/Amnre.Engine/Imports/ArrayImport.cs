using Amnre.Engine.Datasets;
using Amnre.Engine.Rows;
using Amnre.Engine.SampleFiles;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Imports;

/// <summary>Makes a dataset of a user's own arrays. Its bytes are a function of its settings and the content of the files alone.</summary>
public static class ArrayImport
{
    public const string OutputName = ShardGathering.OutputName;

    /// <summary>Values of x read at once.</summary>
    private const int Piece = 1 << 18;

    /// <param name="settings">What to take.</param>
    /// <param name="simulator">Whose parameters and observations the arrays must be.</param>
    /// <param name="place">Where a file lies.</param>
    /// <param name="outputDirectory">Receives the dataset.</param>
    /// <param name="context">What surrounds the run.</param>
    /// <param name="reference">Samples file to copy mu and sigma from; null to estimate them where the settings want moments.</param>
    /// <exception cref="InputException">A file is not the one that was meant, or does not hold what it should.</exception>
    /// <exception cref="OperationCanceledException">The run was told to stop.</exception>
    public static RunEnd Run(ImportSettings settings, ISimulator simulator, Func<ImportedFile, string> place, string outputDirectory,
        RunContext context, string? reference)
    {
        foreach (var file in FilesOf(settings).DistinctBy(file => file.Sha256)) RequireContent(file, place(file), context);
        var copied = reference is null ? null : ReferenceMoments.Of(reference, simulator);
        var estimated = copied is null && settings.Moments ? new MomentSum(simulator.ObservationSize, settings.Rows) : null;
        var origin = new SampleOrigin
        {
            Simulator = simulator.Name,
            Seed = 0,
            FirstRow = settings.First,
            EndRow = settings.First + settings.Rows,
            Content = settings.Content,
        };
        var thetaSize = settings.Content == SampleContent.Arrays ? simulator.ThetaSize : 0;
        var layout = new SampleLayout(settings.Rows, thetaSize, simulator.ObservationShape, settings.ChunkRows)
        {
            Compression = settings.Compress,
            Moments = copied is not null || estimated is not null,
            Names = SampleLayout.NamesOf(simulator),
        };
        using var writer = new SampleFileWriter(Path.Combine(outputDirectory, OutputName), layout, origin);
        if (!Copy(settings, simulator, place, writer, thetaSize, estimated, context)) return RunEnd.Drained;
        writer.Complete(origin, copied ?? estimated?.Result($"'{settings.Parts[0].X.File.Name}'", keepConstants: false));
        return RunEnd.Completed;
    }

    /// <summary>All files that an import reads.</summary>
    public static IEnumerable<ImportedFile> FilesOf(ImportSettings settings) =>
        settings.Parts.SelectMany(part => (ImportedFile?[])[part.X.File, part.Theta?.File]).OfType<ImportedFile>();

    /// <returns>False when asked to drain.</returns>
    private static bool Copy(ImportSettings settings, ISimulator simulator, Func<ImportedFile, string> place, SampleFileWriter writer,
        int thetaSize, MomentSum? moments, RunContext context)
    {
        var progress = new PacedProgress(context, settings.Rows, "rows");
        var (theta, x) = (new float[writer.ChunkRows * thetaSize], new float[writer.ChunkRows * simulator.ObservationSize]);
        var (skip, done, pending) = (settings.First, 0L, 0);
        foreach (var part in settings.Parts)
        {
            if (done + pending == settings.Rows) break;
            using var rows = ImportedRows.Open(part, place, simulator);
            var passed = Math.Min(skip, rows.Count);
            rows.Skip(passed);
            skip -= passed;
            for (var left = Math.Min(rows.Count - passed, settings.Rows - done - pending); left > 0;)
            {
                progress.Report(done);
                context.Stop.ThrowIfCancellationRequested();
                if (context.Drain.IsCancellationRequested) return false;
                var some = Math.Min(writer.NextRows - pending, Math.Max(1, Piece / simulator.ObservationSize));
                var count = (int)Math.Min(some, left);
                var someX = x.AsSpan(pending * simulator.ObservationSize, count * simulator.ObservationSize);
                rows.Read(theta.AsSpan(pending * thetaSize, count * thetaSize), someX);
                moments?.Add(someX);
                (left, pending) = (left - count, pending + count);
                if (pending < writer.NextRows) continue;
                writer.Append(theta.AsMemory(0, pending * thetaSize), x.AsMemory(0, pending * simulator.ObservationSize));
                (done, pending) = (done + pending, 0);
            }
        }

        if (done < settings.Rows)
            throw new InputException($"rows {settings.First} to {settings.First + settings.Rows - 1} were asked for, but the files have " +
                $"{settings.First + done + pending - skip}: submit the experiment again");
        progress.Report(settings.Rows);
        return true;
    }

    private static void RequireContent(ImportedFile file, string path, RunContext context)
    {
        if (!PlainFile.Exists(path))
            throw new InputException($"'{file.Name}' is not in the store: submit the experiment again where the file is");
        if (FileContent.DigestOf(path, context.Stop) != file.Sha256)
            throw new InputException($"'{file.Name}' is not the file that was submitted: its copy in the store has another content; " +
                "submit the experiment again where the file is");
    }
}
