using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Datasets;

/// <summary>Simulates one shard of a dataset into <c>shard.h5</c>.</summary>
public static class ShardSampling
{
    public const string OutputName = "shard.h5";

    private const int ChunkRows = 1 << 16;

    /// <exception cref="InputException">The settings are invalid.</exception>
    /// <exception cref="OperationCanceledException">The run was told to stop.</exception>
    public static RunEnd Run(SampleSettings settings, ISimulator simulator, string outputDirectory, RunContext context)
    {
        SampleSettingsErrors.Of(settings, simulator).ThrowIfAny("sample");
        if (settings.Live) simulator = ((ILiveNoise)simulator).Signals;
        using var device = SimulatorDevice.Open(simulator, settings.Device);
        var draw = new DrawSettings
        {
            Seed = settings.Seed,
            FirstRow = settings.Start,
            Rows = settings.Rows,
            ChunkRows = SampleSettingsErrors.FittingChunk(ChunkRows, simulator),
            OnNonFinite = settings.OnNonFinite,
        };
        return DatasetDrawing.Run(draw, device.Simulator, Path.Combine(outputDirectory, OutputName), context) is null
            ? RunEnd.Drained
            : RunEnd.Completed;
    }
}
