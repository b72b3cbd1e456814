using System.ComponentModel;
using System.Globalization;
using Amnre.Jobs.Workers;
using CliWrap;
using CliWrap.Buffered;

namespace Amnre.Worker.Devices;

/// <summary>Asks the driver what the GPUs are and do.</summary>
public static class GpuProbe
{
    private const string Program = "nvidia-smi";
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <summary>Readings of <paramref name="devices"/>; empty when there is no driver or it does not answer in time.</summary>
    /// <param name="devices">Numbers or UUIDs, as CUDA_VISIBLE_DEVICES has them.</param>
    /// <param name="cancel">Cancels.</param>
    public static async Task<IReadOnlyList<GpuReading>> ReadAsync(IReadOnlyList<string> devices, CancellationToken cancel)
    {
        if (devices.Count == 0) return [];
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        timeout.CancelAfter(Timeout);
        try
        {
            var answer = await Cli.Wrap(Program)
                .WithArguments(["--query-gpu=index,uuid,name,memory.used,memory.total,utilization.gpu", "--format=csv,noheader,nounits"])
                .WithValidation(CommandResultValidation.None).ExecuteBufferedAsync(timeout.Token);
            return answer.ExitCode == 0 ? Parse(answer.StandardOutput, devices) : [];
        }
        catch (Exception e) when (e is Win32Exception || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return []; // No such program, or a driver that hangs: jobs say more plainly what is wrong.
        }
    }

    internal static IReadOnlyList<GpuReading> Parse(string csv, IReadOnlyList<string> devices)
    {
        var readings = new List<GpuReading>();
        foreach (var fields in csv.Split('\n').Select(line => line.Split(',', StringSplitOptions.TrimEntries))
            .Where(fields => fields.Length == 6))
        {
            if (!int.TryParse(fields[0], NumberStyles.None, CultureInfo.InvariantCulture, out var index)) continue;
            // A UUID may be cut short as long as it is unambiguous.
            if (devices.Any(device => device == fields[0]
                || (device.StartsWith("GPU-", StringComparison.Ordinal) && fields[1].StartsWith(device, StringComparison.Ordinal))))
                readings.Add(new GpuReading(index, fields[2], Number(fields[3]), Number(fields[4]), Number(fields[5])));
        }

        return readings;
    }

    /// <summary>Null for <c>[N/A]</c> and the like.</summary>
    private static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? number
        : null;
}
