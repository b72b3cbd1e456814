using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Datasets;

/// <summary>Checks the settings of datasets and of their shards.</summary>
public static class SampleSettingsFaults
{
    /// <summary>One fault for each setting that cannot be; empty when all can.</summary>
    public static IReadOnlyList<(string Field, string Message)> Of(SampleSettings settings, ISimulator simulator)
    {
        var faults = new List<(string, string)>();
        CheckSimulator(settings.Simulator, simulator, faults);
        if (settings.Start < 0)
            faults.Add((nameof(settings.Start), $"the first row is {settings.Start}: rows count from 0"));
        CheckRows(settings.Rows, simulator, faults);
        if (settings.Start > 0 && settings.Rows > 0 && settings.Start > long.MaxValue - settings.Rows)
            faults.Add((nameof(settings.Start), $"rows {settings.Start} onwards are out of range: start lower"));
        CheckLive(settings.Live, simulator, faults);
        CheckDevice(settings.Device, simulator, faults);
        if (settings.OnNonFinite == NonFinitePolicy.Drop)
            faults.Add((nameof(settings.OnNonFinite),
                "rows cannot be dropped from shards, which must have theirs: write error or keep, or draw the dataset in one piece with " +
                    "'amnre sample'"));
        return faults;
    }

    /// <inheritdoc cref="Of(SampleSettings, ISimulator)"/>
    public static IReadOnlyList<(string Field, string Message)> Of(GatherSettings settings, ISimulator simulator)
    {
        var faults = new List<(string, string)>();
        CheckSimulator(settings.Simulator, simulator, faults);
        CheckRows(settings.Rows, simulator, faults);
        CheckChunk(settings.ChunkRows, settings.Rows, simulator, faults);
        CheckCompression(nameof(settings.Compress), settings.Compress, faults);
        if (settings.OnNonFinite == NonFinitePolicy.Drop)
            faults.Add((nameof(settings.OnNonFinite), "rows cannot be dropped from shards, which must have theirs: write error or keep"));
        CheckMomentRows(nameof(settings.Dump), settings.Dump, faults);
        CheckLive(settings.Live, simulator, faults);
        CheckDevice(settings.Device, simulator, faults);
        if (settings is { Events: true, Device: not null })
            faults.Add((nameof(settings.Device), "events are simulated on the processor: leave 'device' out"));
        if (settings.Events && simulator is not IReferenceEvents)
            faults.Add((nameof(settings.Events), $"simulator {simulator.Name} has no reference events: draw rows instead"));
        return faults;
    }

    /// <inheritdoc cref="Of(SampleSettings, ISimulator)"/>
    public static IReadOnlyList<(string Field, string Message)> Of(DrawSettings settings, ISimulator simulator)
    {
        var faults = new List<(string, string)>();
        CheckRows(settings.Rows, simulator, faults);
        CheckChunk(settings.ChunkRows, settings.Rows, simulator, faults);
        CheckCompression(nameof(settings.Compression), settings.Compression, faults);
        if (settings.FirstRow < 0 || settings.Rows > 0 && settings.FirstRow > long.MaxValue - settings.Rows)
            faults.Add((nameof(settings.FirstRow), $"rows {settings.FirstRow} onwards are out of range: rows count from 0"));
        if (settings is { OnNonFinite: NonFinitePolicy.Drop, FirstRow: > 0 })
            faults.Add((nameof(settings.OnNonFinite),
                "rows cannot be dropped from a shard: later rows would take their place, which the next shard has too; draw from row 0"));
        if (settings.BatchRows < 1)
            faults.Add((nameof(settings.BatchRows), $"a batch of {settings.BatchRows} rows cannot be: write 1 or more"));
        if (settings.Threads < 0)
            faults.Add((nameof(settings.Threads), $"{settings.Threads} threads cannot be: write 1 or more, or 0 for all processors"));
        if (settings.MomentRows is { } rows) CheckMomentRows(nameof(settings.MomentRows), rows, faults);
        return faults;
    }

    /// <summary><paramref name="rows"/>, or fewer if so many would not fit in one buffer.</summary>
    internal static int FittingChunk(int rows, ISimulator simulator) => Math.Min(rows, LargestChunk(simulator));

    /// <summary>A chunk is one buffer of less than 2³¹ bytes.</summary>
    private static int LargestChunk(ISimulator simulator) =>
        Array.MaxLength / sizeof(float) / Math.Max(simulator.ThetaSize, simulator.ObservationSize);

    private static void CheckSimulator(string name, ISimulator simulator, List<(string, string)> faults)
    {
        if (!string.Equals(name, simulator.Name, StringComparison.OrdinalIgnoreCase))
            faults.Add((nameof(SampleSettings.Simulator), $"the settings say '{name}', but the simulator is {simulator.Name}"));
    }

    private static void CheckChunk(int chunkRows, long rows, ISimulator simulator, List<(string, string)> faults)
    {
        var most = LargestChunk(simulator);
        if (chunkRows < 1)
            faults.Add((nameof(GatherSettings.ChunkRows), $"a chunk of {chunkRows} rows cannot be: write 1 or more"));
        else if (Math.Min(chunkRows, rows) > most)
            faults.Add((nameof(GatherSettings.ChunkRows), $"a chunk of {chunkRows} rows is too large: write at most {most}"));
    }

    private static void CheckCompression(string field, int level, List<(string, string)> faults)
    {
        if (level is < 0 or > 9) faults.Add((field, $"deflate has no level {level}: write 1 (fast) to 9 (small), or 0 for none"));
    }

    private static void CheckLive(bool live, ISimulator simulator, List<(string, string)> faults)
    {
        if (live && simulator is not ILiveNoise)
            faults.Add((nameof(SampleSettings.Live),
                $"simulator {simulator.Name} defines no noise to add while training: leave 'live' out"));
    }

    private static void CheckDevice(string? device, ISimulator simulator, List<(string, string)> faults)
    {
        if (SimulatorDevice.Fault(simulator, device) is { } fault) faults.Add((nameof(SampleSettings.Device), fault));
    }

    private static void CheckMomentRows(string field, int rows, List<(string, string)> faults)
    {
        if (rows < 2) faults.Add((field, $"moments cannot be estimated from {rows} rows: write 2 or more"));
    }

    private static void CheckRows(long rows, ISimulator simulator, List<(string, string)> faults)
    {
        if (DatasetSize.Fault(simulator, rows) is { } size) faults.Add((nameof(SampleSettings.Rows), size));
        if (rows < 1) faults.Add((nameof(SampleSettings.Rows), $"{rows} rows cannot be drawn: write 1 or more"));
    }
}
