using System.Runtime.InteropServices;
using Amnre.Engine.Rows;
using Amnre.Engine.SampleFiles;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Datasets;

/// <summary>Puts shards together into <c>dataset.h5</c>, whose bytes are a function of its settings alone: those that
/// <see cref="DatasetDrawing"/> writes in one piece.</summary>
public static class ShardGathering
{
    public const string OutputName = "dataset.h5";

    /// <param name="settings">The whole dataset.</param>
    /// <param name="simulator">Re-draws the first and last row of each shard, to be sure that it is the one meant.</param>
    /// <param name="shards">Files of <see cref="ShardSampling"/>, in the order of their rows.</param>
    /// <param name="outputDirectory">Receives the dataset.</param>
    /// <param name="context">What surrounds the run.</param>
    /// <param name="reference">Samples file to copy mu and sigma from; null to estimate them where the settings want moments.</param>
    /// <exception cref="InputException">Invalid settings, or shards that are not those of this dataset.</exception>
    /// <exception cref="OperationCanceledException">The run was told to stop.</exception>
    public static RunEnd Run(
        GatherSettings settings, ISimulator simulator, IReadOnlyList<string> shards, string outputDirectory, RunContext context,
        string? reference = null)
    {
        SampleSettingsErrors.Of(settings, simulator).ThrowIfAny("dataset");
        if (settings.Live) simulator = ((ILiveNoise)simulator).Signals;
        var path = Path.Combine(outputDirectory, OutputName);
        int? momentRows = settings.Moments ? settings.Dump : null;
        if (settings.EventsDigest is { } digest && (simulator as IReferenceEvents)?.EventsDigest != digest)
            throw new InputException($"the events of simulator {simulator.PlainName} have changed since this work was planned: submit " +
                "the " +
                "experiment again, or put their file back");
        if (settings.Events)
            return EventFile.Write(simulator, settings.Seed, momentRows, reference, path, threads: 0, context) is null
                ? RunEnd.Drained
                : RunEnd.Completed;
        CheckSize(settings, shards);
        var copied = reference is null ? null : ReferenceMoments.Of(reference, simulator);
        var estimated = copied is null && settings.Moments ? new MomentSum(simulator.ObservationSize, settings.Dump) : null;
        var origin = new SampleOrigin
        {
            Simulator = simulator.Name,
            BasisDigest = simulator.BasisDigest,
            Seed = settings.Seed,
            FirstRow = 0,
            EndRow = settings.Rows,
            OnNonFinite = settings.OnNonFinite,
        };
        var layout = new SampleLayout(settings.Rows, simulator.ThetaSize, simulator.ObservationShape, settings.ChunkRows)
        {
            Compression = settings.Compress,
            Moments = copied is not null || estimated is not null,
            Names = SampleLayout.NamesOf(simulator),
        };
        using var writer = new SampleFileWriter(path, layout, origin);
        if (Copy(settings, simulator, shards, writer, estimated, context) is not { } nonFinite) return RunEnd.Drained;
        if (estimated is not null)
        {
            var rest = new RowSource(simulator, settings.Seed, settings.Rows, settings.OnNonFinite, RowSource.DefaultBatch, threads: 0);
            if (!rest.FillMoments(estimated, context, _ => { })) return RunEnd.Drained;
        }

        writer.Complete(origin with { NonFiniteRows = nonFinite }, copied
            ?? estimated?.Result($"simulator {SimulatorReference.Plain(simulator.Name)}, seed {settings.Seed}", keepConstants: true));
        return RunEnd.Completed;
    }

    /// <returns>Rows that are not finite; null when asked to drain.</returns>
    private static long? Copy(
        GatherSettings settings, ISimulator simulator, IReadOnlyList<string> shards, SampleFileWriter writer, MomentSum? moments,
        RunContext context)
    {
        var progress = new PacedProgress(context, settings.Rows, "rows");
        var theta = new float[writer.ChunkRows * simulator.ThetaSize];
        var x = new float[writer.ChunkRows * simulator.ObservationSize];
        using var digest = new RowDigest();
        var (done, pending, nonFinite) = (0L, 0, 0L);
        foreach (var path in shards)
        {
            using var shard = SampleFile.Open(path);
            CheckShard(shard, path, done + pending, settings, simulator);
            for (var read = 0L; read < shard.Rows;)
            {
                progress.Report(done);
                if (context.Drain.IsCancellationRequested) return null;
                var rows = (int)Math.Min(writer.NextRows - pending, shard.Rows - read);
                var someTheta = theta.AsSpan(pending * simulator.ThetaSize, rows * simulator.ThetaSize);
                var someX = x.AsSpan(pending * simulator.ObservationSize, rows * simulator.ObservationSize);
                shard.Read(read, someTheta, someX);
                digest.Add(someTheta, someX);
                nonFinite += NonFiniteRows.Find(someTheta, simulator.ThetaSize, someX, simulator.ObservationSize).Count;
                moments?.Add(someX);
                (read, pending) = (read + rows, pending + rows);
                if (pending < writer.NextRows) continue;
                writer.Append(theta.AsMemory(0, pending * simulator.ThetaSize), x.AsMemory(0, pending * simulator.ObservationSize));
                (done, pending) = (done + pending, 0);
            }

            CheckDigest(shard, path, digest);
        }

        progress.Report(settings.Rows);
        return nonFinite;
    }

    private static void CheckDigest(SampleFile shard, string path, RowDigest digest)
    {
        var (theta, x) = digest.Take();
        if (shard.Origin is { } origin && !(origin.ThetaDigest.Span.SequenceEqual(theta) && origin.XDigest.Span.SequenceEqual(x)))
            throw new InputException($"shard '{path}' does not hold what was written into it: make it again");
    }

    private static void CheckSize(GatherSettings settings, IReadOnlyList<string> shards)
    {
        var rows = 0L;
        foreach (var path in shards)
        {
            using var shard = SampleFile.Open(path);
            rows += shard.Rows;
        }

        if (rows != settings.Rows)
            throw new InputException(
                $"the {shards.Count} shards have {rows} rows, but the dataset has {settings.Rows}: make the missing shards");
    }

    private static void CheckShard(SampleFile shard, string path, long firstRow, GatherSettings settings, ISimulator simulator)
    {
        if (shard.ThetaSize != simulator.ThetaSize || !shard.ObservationShape.SequenceEqual(simulator.ObservationShape))
            throw new InputException($"shard '{path}' does not have the shapes of {simulator.PlainName}: make it again");
        var (theta, x) = (new float[simulator.ThetaSize], new float[simulator.ObservationSize]);
        var (expectedTheta, expectedX) = (new float[simulator.ThetaSize], new float[simulator.ObservationSize]);
        foreach (var row in (long[])[0, shard.Rows - 1])
        {
            shard.Read(row, theta, x);
            if (simulator.IsReproducible) simulator.Sample(settings.Seed, firstRow + row, expectedTheta, expectedX);
            else simulator.DrawPrior(settings.Seed, firstRow + row, expectedTheta);
            if (!SameBytes(theta, expectedTheta)
                || (simulator.IsReproducible && !(settings.Device is null ? SameBytes(x, expectedX) : AreNear(x, expectedX))))
                throw new InputException(
                    $"shard '{path}' does not hold rows {firstRow} to {firstRow + shard.Rows - 1} of {simulator.PlainName} with seed " +
                        $"{settings.Seed}: make it again");
        }
    }

    /// <summary>Whether they can be one row, drawn on a device and on the processor; other rows differ by far more.</summary>
    private static bool AreNear(float[] x, float[] expected)
    {
        var most = 1e-4f * expected.Max(Math.Abs);
        return x.Zip(expected, (a, b) => Math.Abs(a - b)).All(difference => difference <= most);
    }

    private static bool SameBytes(float[] a, float[] b) =>
        MemoryMarshal.AsBytes<float>(a).SequenceEqual(MemoryMarshal.AsBytes<float>(b));
}
