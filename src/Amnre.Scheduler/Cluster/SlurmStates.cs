using System.Globalization;
using System.Text.RegularExpressions;
using Amnre.Jobs.Allocations;
using Amnre.Jobs.Graph;

namespace Amnre.Scheduler.Cluster;

/// <summary>One line of <c>squeue</c>.</summary>
/// <param name="Id"><c>17</c> or <c>17_3</c>.</param>
/// <param name="Name">Of the job.</param>
/// <param name="State">As Slurm spells it.</param>
/// <param name="Reason">Why it waits or how it ended; null when Slurm gives none.</param>
/// <param name="Start">Null while unknown.</param>
/// <param name="End">Null while unknown or without a limit.</param>
internal sealed record SlurmJob(string Id, string Name, string State, string? Reason, DateTimeOffset? Start, DateTimeOffset? End)
{
    public AllocationState Standing => SlurmStates.Standing(State);
}

/// <summary>How Slurm says things, in forms made for machines. Pure.</summary>
internal static partial class SlurmStates
{
    /// <summary>For <c>squeue --format</c>; with SLURM_TIME_FORMAT=%s.</summary>
    public const string Format = "%i|%j|%T|%S|%e|%r";

    /// <summary>Lines that are not of the format are left out: messages of wrappers, say.</summary>
    public static IReadOnlyList<SlurmJob> Jobs(string text) =>
    [
        .. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Trim().Split('|'))
            .Where(fields => fields.Length == 6 && JobId().IsMatch(fields[0]))
            .Select(fields => new SlurmJob(fields[0], fields[1], fields[2], fields[5] is "" or "None"
                ? null
                : fields[5], Epoch(fields[3]), Epoch(fields[4]))),
    ];

    /// <summary>The number that <c>sbatch --parsable</c> prints, without the name of a federated cluster; null when there is
    /// none.</summary>
    public static string? Submitted(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault()?.Split(';')[0] is { } id
        && JobId().IsMatch(id) ? id : null;

    /// <summary>From <c>scontrol show config</c>: an array's tasks are numbered below this.</summary>
    public static int? MaxArraySize(string text) =>
        ArraySize().Match(text) is { Success: true } match
        && int.TryParse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture, out var size) ? size : null;

    public static AllocationState Standing(string state) => state switch
    {
        "PENDING" or "REQUEUED" or "REQUEUE_HOLD" or "REQUEUE_FED" or "SPECIAL_EXIT" or "RESV_DEL_HOLD" => AllocationState.Pending,
        "BOOT_FAIL" or "CANCELLED" or "COMPLETED" or "DEADLINE" or "FAILED" or "NODE_FAIL" or "OUT_OF_MEMORY" or "PREEMPTED" or "TIMEOUT"
            or "REVOKED" => AllocationState.Ended,
        // CONFIGURING, COMPLETING, SUSPENDED, and what later versions may add: there is, or may be, a process.
        _ => AllocationState.Running,
    };

    /// <summary>Whose fault it is that a job was under way when its allocation ended so.</summary>
    public static FailureClass Blame(string state) => state switch
    {
        "OUT_OF_MEMORY" => FailureClass.Resource,
        "TIMEOUT" or "PREEMPTED" or "CANCELLED" or "DEADLINE" or "NODE_FAIL" or "BOOT_FAIL" or "REVOKED" => FailureClass.Preempted,
        _ => FailureClass.Infrastructure,
    };

    /// <summary>Sizes of arrays that together hold <paramref name="count"/> tasks.</summary>
    public static IReadOnlyList<int> Arrays(int count, int maxArraySize) =>
        [.. Enumerable.Range(0, (count + maxArraySize - 1) / maxArraySize)
            .Select(part => Math.Min(maxArraySize, count - part * maxArraySize))];

    /// <summary>How long to leave Slurm in peace after so many things failed in a row.</summary>
    public static TimeSpan BackOff(int failures) => TimeSpan.FromSeconds(Math.Min(15 * Math.Pow(2, Math.Min(failures, 20)), 900));

    private static DateTimeOffset? Epoch(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and < 253_402_300_800
            ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    [GeneratedRegex(@"^[0-9]+(_[0-9]+)?$")]
    private static partial Regex JobId();

    [GeneratedRegex(@"^MaxArraySize\s*=\s*([0-9]+)", RegexOptions.Multiline)]
    private static partial Regex ArraySize();
}
