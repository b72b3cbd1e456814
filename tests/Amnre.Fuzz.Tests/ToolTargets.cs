using Amnre.Engine.Processes;
using Amnre.Jobs.Ownership;
using Amnre.Jobs.Postgres;
using Amnre.Jobs.Views;
using Amnre.Scheduler.Runs;
using Amnre.Worker.Devices;
using Amnre.Worker.Drain;

namespace Amnre.Fuzz.Tests;

/// <summary>What programs and the system print, and what jobs leave behind for pages to show.</summary>
internal static class ToolTargets
{
    private static readonly string[] Json = ["[", "{", "{\"a\":", "]", "}", "null", "\"a\":1,", "\\u0000", "\\ud800", "1e999",
        "\"replicates\":2,", "\"seed\":-1,"];

    private static readonly string[] Table = [",", "\n", "epoch,", "mean,", "nan", "1e999", "-"];

    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        FuzzTarget.OfText("nvidia-smi", ["0, GPU-5f1d, NVIDIA H100, 1204, 81559, 37\n1, GPU-77aa, NVIDIA H100, [N/A], 81559, 0\n"],
            [",", "\n", "[N/A]", "GPU-", "٣", "99999999999"],
            text => GpuProbe.Parse(text, ["0", "GPU-77"]), _ => false),
        FuzzTarget.OfText("visible-devices", ["0,1,2\nnvidia0\nnvidiactl\nnvidia12", "GPU-5f1d,-1,3\nnvidia1"],
            [",", "-1", "NoDevFiles", "nvidia", "\n", "٣"],
            text => VisibleGpus.Of(text.Split('\n')[0], text.Split('\n').Skip(1).Select(name => "/dev/nvidia" + name)), _ => false),
        FuzzTarget.OfText("slurm-environment", ["1790000000\n17\n3\n", "UNLIMITED\n17\n\n"], ["\n", "N/A", "٣", "99999999999999999999"],
            text =>
        {
            var lines = text.Split('\n');
            SlurmAllocation.Epoch(lines[0]);
            SlurmAllocation.Of(name => lines.Length < 3 ? null : name == "SLURM_JOB_ID" ? lines[1] : lines[2]);
        }, _ => false),
        FuzzTarget.OfText("locks", ["1: FLOCK  ADVISORY  WRITE 4242 08:01:131 0 EOF\n2: POSIX  ADVISORY  READ 77 08:01:131 0 10\n2: -> " +
            "POSIX  ADVISORY  WRITE 78 08:01:131 0 10\n"], [" ", ":", "\n", "->", "131", "-1", "99999999999"],
            text => LockHolders.Pids(text.Split('\n'), new Owned(0, 0, 0, 131, "08:01")).ToList(), _ => false),
        FuzzTarget.OfText("program-words", ["Traceback (most recent call last):\n  File \"a.py\", line 3\nValueError: ä\n"],
            ["\n", "\u0000", "\u001b[31m", "\r", "\ufffd"], text =>
        {
            var tail = new TextTail();
            tail.FollowAsync(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text))).GetAwaiter().GetResult();
            Assert.DoesNotContain(tail.ToString(), c => char.IsControl(c) && c is not '\n' and not '\t');
        }, _ => false),
        // The pages leave out what these refuse so; anything else would cost the page.
        FuzzTarget.OfText("summary-json", ["""{"rows":3,"c2st":{"11000":0.5,"00110":0.75},"list":[1,2.5,"x",null]}"""], Json,
            text => JobMetrics.Numbers(text), RunCatalog.IsUnreadable),
        FuzzTarget.OfText("last-epoch", ["epoch,time,lr,mean,std,v_mean,v_std\n1,2,0.001,0.5,0.1,0.6,0.1\n2,2,0.001,0.4,0.1,,\n"], Table,
            text => JobMetrics.LastEpoch(text.Split('\n')), RunCatalog.IsUnreadable),
        FuzzTarget.OfText("loss-history", ["epoch,time,lr,mean,std\n1,2,0.001,0.5,0.1\n2,2,0.001,nan,0.1\n"], Table,
            text => LossHistory.Parse(text.Split('\n')), _ => false),
    ];
}
