namespace Amnre.Jobs.Ledger;

/// <summary>What a worker computes on. Two devices are of one kind when family, vectors, kernels and GPU are the same: then the same job
/// gives the same bytes.</summary>
public sealed record DeviceFacts
{
    /// <summary>The processor's name for itself; for people only.</summary>
    public required string Processor { get; init; }

    /// <summary>Its maker and family, such as <c>AuthenticAMD family 25</c>.</summary>
    public required string Family { get; init; }

    /// <summary>The widest vectors in use, such as <c>AVX2</c>.</summary>
    public required string Vectors { get; init; }

    /// <summary>Who chooses the kernels of matrix products, and what limits the choice, such as <c>processor,
    /// MKL_ENABLE_INSTRUCTIONS=AVX2</c>.</summary>
    public required string Kernels { get; init; }

    /// <summary>Version of libtorch.</summary>
    public required string Torch { get; init; }

    /// <summary>Models of the worker's GPUs; null without any, and for an attempt that asked for none.</summary>
    public string? Gpu { get; init; }

    /// <summary>CPU threads of an attempt; null for a worker.</summary>
    public int? Threads { get; init; }

    /// <summary>The kind, as <c>amnre.kind_of</c> makes it in the database.</summary>
    public string Kind => string.Join(" / ", new[] { Family, Vectors, Kernels, Gpu }.OfType<string>());

    /// <summary>The kinds that a worker on this device can be for a job: without its GPUs and with them.</summary>
    public IReadOnlyList<string> Kinds => Gpu is null ? [Kind] : [(this with { Gpu = null }).Kind, Kind];

    /// <summary>For people: <c>AMD EPYC 7543 32-Core Processor, AVX2, NVIDIA A100</c>.</summary>
    public override string ToString() =>
        string.Join(", ", new[] { Processor, Vectors, Kernels == "processor" ? null : $"kernels by {Kernels}", Gpu }.OfType<string>());

    /// <summary>With what does not belong to the kind: <c>…, libtorch 2.10.0, 4 threads</c>.</summary>
    public string Sentence => $"{this}, libtorch {Torch}{(Threads is { } threads ? $", {threads} thread{(threads == 1 ? "" : "s")}" : "")}";

    internal static DeviceFacts? Read(string? json) => json is null ? null : LedgerText.Device(json);
}
