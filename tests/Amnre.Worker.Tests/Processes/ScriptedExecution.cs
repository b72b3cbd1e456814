using System.Diagnostics;
using System.Text.Json;
using Amnre.Engine;
using Amnre.Jobs.Attempts;
using Amnre.Jobs.Specs;
using Amnre.Worker.Kinds;

namespace Amnre.Worker.Tests.Processes;

/// <summary>Does what a job's settings say: real files, real waiting, real deaths.</summary>
internal sealed class ScriptedExecution : IJobExecution
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    public JobKind Kind => JobKind.Sample;

    public RunEnd Run(JobTicket ticket, RunContext context)
    {
        var script = JsonDocument.Parse(ticket.Settings).RootElement.GetProperty("value").GetString()!.Split(' ', 2);
        var (verb, argument) = (script[0], script.ElementAtOrDefault(1) ?? "");
        switch (verb)
        {
            case "steps" or "held":
                if (!Steps(int.Parse(argument), verb == "held", ticket, context))
                {
                    return RunEnd.Drained;
                }

                break;
            case "input":
                throw new InputException(argument);
            case "fault":
                throw new InvalidOperationException(argument);
            case "memory":
                GC.KeepAlive(new byte[int.MaxValue]); // More than an array can hold.
                break;
            case "disk":
                throw new IOException("no space left on device", 28);
            case "die" when ticket.Attempt <= int.Parse(argument):
                Process.GetCurrentProcess().Kill();
                break;
            case "hang":
                Thread.Sleep(Timeout.Infinite);
                break;
            case "forget":
                return RunEnd.Completed;
        }

        foreach (var output in ticket.Outputs.Where(output => !output.IsPattern))
        {
            var inputs = string.Concat(ticket.Inputs.Select(input => File.ReadAllText(input.Path)));
            File.WriteAllText(Path.Combine(ticket.OutputDirectory, output.Name), $"({inputs}){ticket.Name}");
        }

        return RunEnd.Completed;
    }

    /// <summary>The file whose making lets a held job go on.</summary>
    public static string GoOf(string checkpoints, string job) => Path.Combine(checkpoints, $"{job.Replace('/', '-')}.go");

    /// <summary>Counts steps, keeping the count in a checkpoint when asked to drain. One that is held stands still in the middle, until its
    /// test lets it go, it is stopped, or it is asked to drain.</summary>
    private static bool Steps(int total, bool held, JobTicket ticket, RunContext context)
    {
        var go = GoOf(Path.Combine(ticket.CheckpointDirectory, ".."), ticket.Name);
        var checkpoint = Path.Combine(ticket.CheckpointDirectory, "step");
        var trace = Path.Combine(ticket.CheckpointDirectory, "..", $"{ticket.Name.Replace('/', '-')}.trace");
        for (var step = File.Exists(checkpoint) ? int.Parse(File.ReadAllText(checkpoint)) : 0; step < total;)
        {
            context.Stop.ThrowIfCancellationRequested();
            if (context.Drain.IsCancellationRequested)
            {
                File.WriteAllText(checkpoint, $"{step}");
                return false;
            }

            if (held && step >= total / 2 && !File.Exists(go))
            {
                context.Stop.WaitHandle.WaitOne(Step);
                continue;
            }

            File.AppendAllText(trace, $"{ticket.Attempt}:{step}\n");
            context.Progress.Report(new RunProgress(step, total, "steps")
            {
                Metrics = new Dictionary<string, double> { ["loss"] = 1.0 / (1 + step) },
            });
            context.Stop.WaitHandle.WaitOne(Step);
            step++;
        }

        return true;
    }
}
