using System.Runtime.InteropServices;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Datasets;

/// <summary>Puts shards together into <c>dataset.h5</c>, whose bytes are a function of simulator, seed, rows and chunk alone.</summary>
public static class ShardGathering
{
    public const string OutputName = "dataset.h5";

    /// <param name="settings">The whole dataset.</param>
    /// <param name="simulator">Re-draws the first and last row of each shard, to be sure that it is the one meant.</param>
    /// <param name="shards">Files of <see cref="ShardSampling"/>, in the order of their rows.</param>
    /// <param name="outputDirectory">Receives the dataset.</param>
    /// <param name="context">What surrounds the run.</param>
    /// <exception cref="InputException">Faulty settings, or shards that are not those of this dataset.</exception>
    /// <exception cref="OperationCanceledException">The run was told to stop.</exception>
    public static RunEnd Run(
        GatherSettings settings, ISimulator simulator, IReadOnlyList<string> shards, string outputDirectory, RunContext context)
    {
        SampleSettingsFaults.Of(settings, simulator).ThrowIfAny("dataset");
        CheckSize(settings, shards);
        var progress = new PacedProgress(context, settings.Rows, "rows");
        using var writer = new SampleFileWriter(
            Path.Combine(outputDirectory, OutputName), settings.Rows, simulator.ThetaSize, simulator.ObservationShape, settings.ChunkRows);
        var theta = new float[writer.ChunkRows * simulator.ThetaSize];
        var x = new float[writer.ChunkRows * simulator.ObservationSize];
        var (done, pending) = (0L, 0);
        foreach (var path in shards)
        {
            using var shard = SampleFile.Open(path);
            CheckShard(shard, path, done + pending, settings, simulator);
            for (var read = 0L; read < shard.Rows;)
            {
                progress.Report(done);
                if (context.Drain.IsCancellationRequested) return RunEnd.Drained;
                var rows = (int)Math.Min(writer.NextRows - pending, shard.Rows - read);
                shard.Read(
                    read,
                    theta.AsSpan(pending * simulator.ThetaSize, rows * simulator.ThetaSize),
                    x.AsSpan(pending * simulator.ObservationSize, rows * simulator.ObservationSize));
                (read, pending) = (read + rows, pending + rows);
                if (pending < writer.NextRows) continue;
                writer.Append(theta.AsSpan(0, pending * simulator.ThetaSize), x.AsSpan(0, pending * simulator.ObservationSize));
                (done, pending) = (done + pending, 0);
            }
        }

        writer.Complete();
        progress.Report(settings.Rows);
        return RunEnd.Completed;
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
            throw new InputException($"the {shards.Count} shards have {rows} rows, but the dataset has {settings.Rows}: make the missing shards");
    }

    private static void CheckShard(SampleFile shard, string path, long firstRow, GatherSettings settings, ISimulator simulator)
    {
        if (shard.ThetaSize != simulator.ThetaSize || !shard.ObservationShape.SequenceEqual(simulator.ObservationShape))
            throw new InputException($"shard '{path}' does not have the shapes of {simulator.Name}: make it again");
        var (theta, x) = (new float[simulator.ThetaSize], new float[simulator.ObservationSize]);
        var (expectedTheta, expectedX) = (new float[simulator.ThetaSize], new float[simulator.ObservationSize]);
        foreach (var row in (long[])[0, shard.Rows - 1])
        {
            shard.Read(row, theta, x);
            if (simulator.IsReproducible) simulator.Sample(settings.Seed, firstRow + row, expectedTheta, expectedX);
            else simulator.DrawPrior(settings.Seed, firstRow + row, expectedTheta);
            if (!SameBytes(theta, expectedTheta) || (simulator.IsReproducible && !SameBytes(x, expectedX)))
                throw new InputException(
                    $"shard '{path}' does not hold rows {firstRow} to {firstRow + shard.Rows - 1} of {simulator.Name} with seed {settings.Seed}: make it again");
        }
    }

    private static bool SameBytes(float[] a, float[] b) =>
        MemoryMarshal.AsBytes<float>(a).SequenceEqual(MemoryMarshal.AsBytes<float>(b));
}
