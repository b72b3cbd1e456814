namespace Amnre.Jobs.Specs;

/// <summary>What a worker lacks for a job.</summary>
public enum Misfit
{
    /// <summary>It does not serve the job's queue: it has no GPU.</summary>
    Queue,

    /// <summary>It has fewer CPUs or GPUs than the job asks for.</summary>
    Processors,

    /// <summary>It is of another kind of device than the job was begun on.</summary>
    Device,

    Memory,

    /// <summary>Its allocation ends before the job is expected to.</summary>
    Time,
}

/// <summary>What a worker offers to a job.</summary>
/// <param name="Queues">The transport's queues that it serves.</param>
/// <param name="MemoryBytes">What a job may use; null when it has not said.</param>
/// <param name="TimeLeft">Until its allocation ends; null where nothing ends it.</param>
/// <param name="Devices">The kinds of device that it is for a job: without its GPUs first, with them last; empty when it has not
/// said.</param>
public sealed record WorkerOffer(
    IReadOnlyList<string> Queues, long? MemoryBytes, TimeSpan? TimeLeft, IReadOnlyList<string> Devices)
{
    /// <summary>Null when it has not said.</summary>
    public int? Cpus { get; init; }

    /// <summary>Null when it has not said.</summary>
    public int? Gpus { get; init; }

    /// <summary>The kind of device that it is for a job that asks for so many GPUs; null when it has not said.</summary>
    internal string? KindFor(int gpus) => Devices.Count == 0 ? null : gpus > 0 ? Devices[^1] : Devices[0];
}

/// <summary>What a job asks of the worker that runs it. The only rule on which worker may run which job: the dispatcher, the claim, the
/// explanation of a job, the queue and the autoscaler go by it.</summary>
/// <param name="Queue">The transport's queue that it belongs to.</param>
/// <param name="MemoryBytes">0 when it does not say.</param>
/// <param name="Expected">Its expected duration; null when unknown, or irrelevant because the job can checkpoint and resume
/// elsewhere.</param>
/// <param name="HeldTo">The kind of device that it must be resumed on; null when any will do.</param>
public readonly record struct JobNeeds(string Queue, long MemoryBytes, TimeSpan? Expected, string? HeldTo)
{
    /// <summary>A job that would end with the allocation to the second would not end well.</summary>
    public static readonly TimeSpan Margin = TimeSpan.FromSeconds(10);

    public int Cpus { get; init; }

    public int Gpus { get; init; }

    public bool FitsOn(WorkerOffer offer) => MisfitOn(offer) is null;

    /// <returns>The first thing that the worker lacks; null when it may run the job.</returns>
    public Misfit? MisfitOn(WorkerOffer offer) =>
        !offer.Queues.Contains(Queue) ? Misfit.Queue
        : Cpus > offer.Cpus || Gpus > offer.Gpus ? Misfit.Processors
        : HeldTo is { } kind && kind != offer.KindFor(Gpus) ? Misfit.Device
        : MemoryBytes > offer.MemoryBytes ? Misfit.Memory
        : Expected + Margin > offer.TimeLeft ? Misfit.Time
        : null;

    /// <summary>The same for a claim, in SQL: whether job <c>j</c> fits on worker <c>w</c>. Its parameter
    /// <c>@margin</c> is <see cref="Margin"/>. A test compares both.</summary>
    internal const string FitsSql =
        """
        j.queue = any(w.kinds) and (w.memory_bytes is null or j.memory_bytes <= w.memory_bytes)
            and (j.expected is null or w.ends_at is null or now() + j.expected + @margin <= w.ends_at)
            and (not j.same_kind or amnre.begun_on(j.fingerprint) is null or coalesce(amnre.begun_on(j.fingerprint) =
              amnre.kind_of(case when j.gpus > 0 then w.device else w.device - 'gpu' end), false))
        """;
}
