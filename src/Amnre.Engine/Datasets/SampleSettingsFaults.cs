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
        CheckRows(settings.Rows, faults);
        if (settings.Start > 0 && settings.Rows > 0 && settings.Start > long.MaxValue - settings.Rows)
            faults.Add((nameof(settings.Start), $"rows {settings.Start} onwards are out of range: start lower"));
        return faults;
    }

    /// <inheritdoc cref="Of(SampleSettings, ISimulator)"/>
    public static IReadOnlyList<(string Field, string Message)> Of(GatherSettings settings, ISimulator simulator)
    {
        var faults = new List<(string, string)>();
        CheckSimulator(settings.Simulator, simulator, faults);
        CheckRows(settings.Rows, faults);
        var most = LargestChunk(simulator);
        if (settings.ChunkRows < 1)
            faults.Add((nameof(settings.ChunkRows), $"a chunk of {settings.ChunkRows} rows cannot be: write 1 or more"));
        else if (Math.Min(settings.ChunkRows, settings.Rows) > most)
            faults.Add((nameof(settings.ChunkRows), $"a chunk of {settings.ChunkRows} rows is too large: write at most {most}"));
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

    private static void CheckRows(long rows, List<(string, string)> faults)
    {
        if (rows < 1) faults.Add((nameof(SampleSettings.Rows), $"{rows} rows cannot be drawn: write 1 or more"));
    }
}
