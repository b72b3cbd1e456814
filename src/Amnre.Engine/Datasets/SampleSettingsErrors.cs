using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Datasets;

/// <summary>Checks the settings of datasets and of their shards.</summary>
public static class SampleSettingsErrors
{
    /// <summary>One validation error for each setting that cannot be; empty when all can.</summary>
    public static IReadOnlyList<(string Field, string Message)> Of(SampleSettings settings, ISimulator simulator)
    {
        var errors = new List<(string, string)>();
        CheckSimulator(settings.Simulator, simulator, errors);
        CheckRows(settings.Rows, simulator, errors);
        if (settings.Start > 0 && settings.Rows > 0 && settings.Start > long.MaxValue - settings.Rows)
            errors.Add((nameof(settings.Start), $"rows {settings.Start} onwards are out of range: start lower"));
        CheckLive(settings.Live, simulator, errors);
        CheckDevice(settings.Device, simulator, errors);
        return SampleSettings.Fields.With(settings, errors);
    }

    /// <inheritdoc cref="Of(SampleSettings, ISimulator)"/>
    public static IReadOnlyList<(string Field, string Message)> Of(GatherSettings settings, ISimulator simulator)
    {
        var errors = new List<(string, string)>();
        CheckSimulator(settings.Simulator, simulator, errors);
        CheckRows(settings.Rows, simulator, errors);
        CheckChunk(settings.ChunkRows, settings.Rows, simulator, errors);
        CheckLive(settings.Live, simulator, errors);
        CheckDevice(settings.Device, simulator, errors);
        if (settings is { Events: true, Device: not null })
            errors.Add((nameof(settings.Device), "events are simulated on the processor: leave 'device' out"));
        if (settings.Events && simulator is not IReferenceEvents)
            errors.Add((nameof(settings.Events), $"simulator {simulator.PlainName} has no reference events: draw rows instead"));
        return GatherSettings.Fields.With(settings, errors);
    }

    /// <inheritdoc cref="Of(SampleSettings, ISimulator)"/>
    public static IReadOnlyList<(string Field, string Message)> Of(DrawSettings settings, ISimulator simulator)
    {
        var errors = new List<(string, string)>();
        CheckRows(settings.Rows, simulator, errors);
        CheckChunk(settings.ChunkRows, settings.Rows, simulator, errors);
        if (settings is { FirstRow: >= 0, Rows: > 0 } && settings.FirstRow > long.MaxValue - settings.Rows)
            errors.Add((nameof(settings.FirstRow), $"rows {settings.FirstRow} onwards are out of range: start lower"));
        if (settings is { OnNonFinite: NonFinitePolicy.Drop, FirstRow: > 0 })
            errors.Add((nameof(settings.OnNonFinite),
                "rows cannot be dropped from a shard: later rows would take their place, which the next shard has too; draw from row 0"));
        return DrawSettings.Fields.With(settings, errors);
    }

    /// <summary><paramref name="rows"/>, or fewer if so many would not fit in one buffer.</summary>
    internal static int FittingChunk(int rows, ISimulator simulator) => Math.Min(rows, LargestChunk(simulator));

    /// <summary>A chunk is one buffer of less than 2³¹ bytes.</summary>
    private static int LargestChunk(ISimulator simulator) =>
        Array.MaxLength / sizeof(float) / Math.Max(simulator.ThetaSize, simulator.ObservationSize);

    private static void CheckSimulator(string name, ISimulator simulator, List<(string, string)> errors)
    {
        if (!string.Equals(name, simulator.Name, StringComparison.OrdinalIgnoreCase))
            errors.Add((nameof(SampleSettings.Simulator), $"the settings say '{name}', but the simulator is {simulator.Name}"));
    }

    private static void CheckChunk(int chunkRows, long rows, ISimulator simulator, List<(string, string)> errors)
    {
        var most = LargestChunk(simulator);
        if (Math.Min(chunkRows, rows) > most)
            errors.Add((nameof(GatherSettings.ChunkRows), $"a chunk of {chunkRows} rows is too large: write at most {most}"));
    }

    private static void CheckLive(bool live, ISimulator simulator, List<(string, string)> errors)
    {
        if (live && simulator is not ILiveNoise)
            errors.Add((nameof(SampleSettings.Live),
                $"simulator {simulator.PlainName} defines no noise to add while training: leave 'live' out"));
    }

    private static void CheckDevice(ComputeDevice? device, ISimulator simulator, List<(string, string)> errors)
    {
        // A name that no device has is the field's own matter.
        if (ComputeDevice.Error(device ?? ComputeDevice.Cpu) is null && SimulatorDevice.Error(simulator, device) is { } error)
            errors.Add((nameof(SampleSettings.Device), error));
    }

    private static void CheckRows(long rows, ISimulator simulator, List<(string, string)> errors)
    {
        if (DatasetSize.Error(simulator, rows) is { } size) errors.Add((nameof(SampleSettings.Rows), size));
    }
}
