using Amnre.Engine.Simulators;

namespace Amnre.Engine.Datasets;

/// <summary>Simulates one shard of a dataset into <c>shard.h5</c>.</summary>
public static class ShardSampling
{
    public const string OutputName = "shard.h5";

    private const int ChunkRows = 1 << 16;

    /// <summary>Rows drawn between two looks at the tokens.</summary>
    private const int StrideRows = 1 << 13;

    /// <exception cref="InputException">The settings have faults.</exception>
    /// <exception cref="OperationCanceledException">The run was told to stop.</exception>
    public static RunEnd Run(SampleSettings settings, ISimulator simulator, string outputDirectory, RunContext context)
    {
        SampleSettingsFaults.Of(settings, simulator).ThrowIfAny("sample");
        var progress = new PacedProgress(context, settings.Rows, "rows");
        using var writer = new SampleFileWriter(
            Path.Combine(outputDirectory, OutputName), settings.Rows, simulator.ThetaSize, simulator.ObservationShape,
            SampleSettingsFaults.FittingChunk(ChunkRows, simulator));
        var theta = new float[writer.ChunkRows * simulator.ThetaSize];
        var x = new float[writer.ChunkRows * simulator.ObservationSize];
        var stride = simulator is IStoppableSimulator stoppable ? stoppable.StrideRows : StrideRows;
        for (long done = 0; done < settings.Rows;)
        {
            var rows = writer.NextRows;
            for (var start = 0; start < rows; start += stride)
            {
                progress.Report(done + start);
                if (context.Drain.IsCancellationRequested) return RunEnd.Drained;
                var count = Math.Min(stride, rows - start);
                RowSampling.Fill(
                    simulator, settings.Seed, settings.Start + done + start,
                    theta.AsMemory(start * simulator.ThetaSize, count * simulator.ThetaSize),
                    x.AsMemory(start * simulator.ObservationSize, count * simulator.ObservationSize),
                    context.Stop);
            }

            writer.Append(theta.AsSpan(0, rows * simulator.ThetaSize), x.AsSpan(0, rows * simulator.ObservationSize));
            done += rows;
        }

        writer.Complete();
        progress.Report(settings.Rows);
        return RunEnd.Completed;
    }
}
