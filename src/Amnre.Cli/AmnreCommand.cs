using System.CommandLine;
using Amnre.Engine;
using Amnre.Scheduler.Experiments;
using Spectre.Console;

namespace Amnre.Cli;

/// <summary>The command <c>amnre</c>. A program with simulators of its own adds them to the catalog and then runs this; since every
/// process of a study is the same program, all of them know them.</summary>
public static class AmnreCommand
{
    /// <returns>The exit code.</returns>
    /// <param name="args">What the user typed after the program's name.</param>
    public static async Task<int> RunAsync(string[] args)
    {
        // Files and pipes have no width: a line stays a line there.
        if (Console.IsOutputRedirected) AnsiConsole.Profile.Width = 500;

        var root = new RootCommand(
            """
            Amnre: simulation-based inference studies, from simulations to figures.

            Examples:
              amnre run experiments/quickstart.yaml      a whole study on this machine
              amnre plan experiments/quickstart.yaml     what it would do
            """)
        {
            RunVerb.Create(),
            PlanVerb.Create(),
            SchedulerVerb.Create(),
            WorkerVerb.Create(),
            ConvertVerb.Create(),
        };

        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors) Console.Error.WriteLine($"amnre: {error.Message}");
            Console.Error.WriteLine("amnre: see 'amnre --help'");
            return ExitCode.BadInput;
        }

        using var signals = new Signals();
        try
        {
            // Our own signal handling: a run needs longer to stop well than the library's grace.
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, signals.Stop);
        }
        catch (ExperimentException wrong)
        {
            foreach (var fault in wrong.Faults) Console.Error.WriteLine(fault);
            Console.Error.WriteLine($"amnre: {wrong.Faults.Count} fault{(wrong.Faults.Count == 1 ? "" : "s")}; nothing was started");
            return ExitCode.BadInput;
        }
        catch (InputException wrong)
        {
            Console.Error.WriteLine($"amnre: {wrong.Message}");
            return ExitCode.BadInput;
        }
        catch (OperationCanceledException) when (signals.Stop.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
    }
}
