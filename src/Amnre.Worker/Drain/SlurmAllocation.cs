using System.ComponentModel;
using System.Globalization;
using CliWrap;
using CliWrap.Buffered;

namespace Amnre.Worker.Drain;

/// <summary>The Slurm allocation that this process runs in.</summary>
/// <param name="Id">As <c>squeue</c> names it: <c>17</c>, or <c>17_3</c> in an array.</param>
/// <param name="JobId">The number by which it is asked for; each task of an array has its own.</param>
public sealed record SlurmAllocation(string Id, string JobId)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    /// <summary>From Slurm's variables; null outside of Slurm.</summary>
    public static SlurmAllocation? Current() => Of(Environment.GetEnvironmentVariable);

    internal static SlurmAllocation? Of(Func<string, string?> variable) => variable("SLURM_JOB_ID") is { Length: > 0 } job
        ? new SlurmAllocation(variable("SLURM_ARRAY_JOB_ID") is { Length: > 0 } array
            ? $"{array}_{variable("SLURM_ARRAY_TASK_ID")}"
            : job, job)
        : null;

    /// <summary>When Slurm ends it, on Slurm's clock; null without a limit, or when Slurm does not answer.</summary>
    /// <param name="refresh">Ask even when the environment says, since limits can be changed.</param>
    /// <param name="cancel">Cancels.</param>
    public async Task<DateTimeOffset?> EndAsync(bool refresh, CancellationToken cancel)
    {
        if (!refresh && Epoch(Environment.GetEnvironmentVariable("SLURM_JOB_END_TIME")) is { } said) return said;
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        timeout.CancelAfter(Timeout);
        try
        {
            // Versions before 23.02 do not put the end into the environment.
            var answer = await Cli.Wrap("squeue").WithArguments(["--noheader", "--jobs", JobId, "--format=%e"])
                .WithEnvironmentVariables(variables => variables.Set("SLURM_TIME_FORMAT", "%s"))
                .WithValidation(CommandResultValidation.None).ExecuteBufferedAsync(timeout.Token);
            return answer.ExitCode == 0 ? Epoch(answer.StandardOutput.Trim()) : null;
        }
        catch (Exception e) when (e is Win32Exception || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return null;
        }
    }

    /// <summary>Seconds since 1970; null for <c>N/A</c>, <c>NONE</c>, <c>UNLIMITED</c> and for nothing.</summary>
    internal static DateTimeOffset? Epoch(string? text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and < 253_402_300_800
            ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;
}
