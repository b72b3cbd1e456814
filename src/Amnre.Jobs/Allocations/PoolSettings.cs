using System.Text.Json;

namespace Amnre.Jobs.Allocations;

/// <summary>One kind of allocation of a batch system, and how many there may be of it.</summary>
public sealed record PoolSettings
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Allocations that are kept although nothing waits.</summary>
    public int Min { get; init; }

    public int Max { get; init; } = 1;

    /// <summary>How long an allocation above <see cref="Min"/> may have nothing to do.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Wall-clock limit of an allocation.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromHours(3);

    /// <summary>CPUs of an allocation.</summary>
    public int Cpus { get; init; } = 1;

    /// <summary>Memory of an allocation, in MiB; null leaves it to the batch system.</summary>
    public int? Memory { get; init; }

    /// <summary>GPUs of an allocation.</summary>
    public int Gpus { get; init; }

    public int GpusPerWorker { get; init; } = 1;

    /// <summary>Workers of an allocation that use no GPU; null means one where there are no GPUs, none where there are.</summary>
    public int? CpuWorkers { get; init; }

    /// <summary>Further options of the batch system, verbatim: <c>--partition=gpu</c>.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>The command as the nodes find it.</summary>
    public required string Program { get; init; }

    /// <summary>The store as the nodes find it.</summary>
    public required string Store { get; init; }

    /// <summary>Workers of one allocation that use GPUs.</summary>
    public int GpuSlots => Gpus / Math.Max(GpusPerWorker, 1);

    /// <summary>Workers of one allocation that use none.</summary>
    public int CpuSlots => CpuWorkers ?? (GpuSlots > 0 ? 0 : 1);

    public string Text() => JsonSerializer.Serialize(this, Json);

    public static PoolSettings Read(string text) => JsonSerializer.Deserialize<PoolSettings>(text, Json)
        ?? throw new JsonException("a pool without settings");
}
