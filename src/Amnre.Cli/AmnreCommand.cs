using System.CommandLine;
using System.CommandLine.Parsing;
using System.Data.Common;
using Amnre.Cli.Benchmarks;
using Amnre.Cli.Inference;
using Amnre.Cli.Operations;
using Amnre.Cli.Original;
using Amnre.Cli.Spelling;
using Amnre.Cli.Studies;
using Amnre.Cli.Terminal;
using Amnre.Engine;
using Amnre.Experiments.Fields;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Postgres;

namespace Amnre.Cli;

/// <summary>The command <c>amnre</c>. A program with simulators of its own adds them to the catalog and then runs this; since every
/// process of a study is the same program, all of them know them.</summary>
public static class AmnreCommand
{
    /// <summary>PostgreSQL's <c>disk_full</c>.</summary>
    private const string DiskFull = "53100";

    /// <returns>The exit code.</returns>
    /// <param name="args">What the user typed after the program's name.</param>
    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            return await ParseAndRunAsync(args);
        }
        catch (Exception lost) // The last word: no stack trace reaches a user.
        {
            return UnforeseenEnd.Tell(lost, Path.GetTempPath());
        }
    }

    private static async Task<int> ParseAndRunAsync(string[] args)
    {
        var root = Root();
        if (Suggestions.Place(args) is { } place)
        {
            foreach (var suggestion in Suggestions.Of(root, args[1], place)) Console.Out.WriteLine(suggestion);
            return ExitCode.Success;
        }

        if (args is ["--version"])
        {
            Console.Out.WriteLine(VersionText.Full);
            return ExitCode.Success;
        }

        // Who types the name alone wants to know what it can do.
        var spelt = CommandLine.Translate(root, args is [] ? ["--help"] : args);
        foreach (var error in spelt.Errors) Console.Error.WriteLine($"amnre: {error}");
        if (spelt.Errors.Count > 0)
        {
            Console.Error.WriteLine("amnre: see 'amnre --help'");
            return ExitCode.BadInput;
        }

        // The list of verbs has a sentence for each; their own help says the rest.
        if (spelt.Words is ["--help" or "-h" or "-?"])
            foreach (var verb in root.Subcommands)
                verb.Description = verb.Description?.Split(["\n\n", ". "], 2, StringSplitOptions.None)[0].ReplaceLineEndings(" ")
                    .TrimEnd('.');

        // A value that begins with '@' is a value: no option reads files of options.
        var parsed = root.Parse(spelt.Words, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors) Console.Error.WriteLine($"amnre: {CommandLineError.Of(error.Message)}");
            Console.Error.WriteLine("amnre: see 'amnre --help'");
            return ExitCode.BadInput;
        }

        if (parsed.CommandResult.Children.OfType<ArgumentResult>()
            .FirstOrDefault(argument => argument.Tokens.Any(token => token.Value.Length == 0)) is { } empty)
        {
            Console.Error.WriteLine($"amnre: argument '{empty.Argument.Name}' of '{parsed.CommandResult.Command.Name}' is empty: say " +
                $"what is meant, or see 'amnre {parsed.CommandResult.Command.Name} --help'");
            return ExitCode.BadInput;
        }

        DirectLoopback.Apply();
        using var traces = TraceExport.Start(parsed.CommandResult.Command.Name);
        using var signals = new Signals();
        try
        {
            // Our own signal handling: a run needs longer to stop well than the library's grace.
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            }, signals.Stop);
        }
        catch (ExperimentException wrong)
        {
            foreach (var error in wrong.Errors) Console.Error.WriteLine(error);
            Console.Error.WriteLine(wrong.MayBeMore
                ? $"amnre: {wrong.Errors.Count} validation errors, and the file was not read further; nothing was started"
                : $"amnre: {wrong.Errors.Count} validation error{(wrong.Errors.Count == 1 ? "" : "s")}; nothing was started");
            return ExitCode.BadInput;
        }
        catch (InputException wrong)
        {
            Console.Error.WriteLine($"amnre: {wrong.Message}");
            return ExitCode.BadInput;
        }
        catch (DbException full) when (full.SqlState == DiskFull)
        {
            Console.Error.WriteLine("amnre: the disk of the database is full: make room on the disk that its server writes to, and start " +
                "again; what was committed is kept");
            return ExitCode.Failed;
        }
        catch (DbException lost) // Not by the name of its driver, which verbs without a database never load.
        {
            Console.Error.WriteLine($"amnre: the database does not answer as it should: {lost.Message}");
            return ExitCode.Failed;
        }
        catch (Exception lost) when (lost is StudyOutOfReachException or LedgerSchemaException or ServerTroubleException)
        {
            Console.Error.WriteLine($"amnre: {lost.Message}");
            return ExitCode.Failed;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // The last word where no verb had a better one: what the system says names the file.
            Console.Error.WriteLine(
                $"amnre: {refused.Message.TrimEnd('.')}: look at its permissions and at the space there is, or name another place");
            return ExitCode.Failed;
        }
        catch (OperationCanceledException) when (signals.Stop.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
    }

    /// <summary>All verbs with their options.</summary>
    internal static RootCommand Root() => new(
        """
        Amnre: simulation-based inference studies, from simulations to figures.

        Examples:
          amnre run experiments/quickstart.yaml      a whole study on this machine
          amnre plan experiments/quickstart.yaml     what it would do
          amnre status                               what is under way
          amnre sample -seed 0 -samples 65536 -o slcp.h5   simulations alone, with the options of the original's sample.py;
                                                     amnre train, amnre eval and amnre plot likewise
        """)
    {
        SampleVerb.Create(),
        TrainVerb.Create(),
        EvalVerb.Create(),
        InferVerb.Create(),
        VerdictVerb.Create(),
        TruthVerb.Create(),
        PlotVerb.Create(),
        RunVerb.Create(),
        BenchmarkVerb.Create(),
        PlanVerb.Create(),
        DashboardVerb.Create(),
        SchedulerVerb.Create(),
        WorkerVerb.Create(),
        ConvertVerb.Create(),
        WaveVerb.Create(),
        SubmitVerb.Create(),
        ExtendVerb.Create(),
        StatusVerb.Create(),
        WatchVerb.Create(),
        LogsVerb.Create(),
        ExplainVerb.Create(),
        CancelVerb.Create(),
        PauseVerb.Create(),
        ResumeVerb.Create(),
        RetryVerb.Create(),
        RerunVerb.Create(),
        PrioritizeVerb.Create(),
        ClusterVerb.Create(),
        DoctorVerb.Create(),
        DrainVerb.Create(),
        ExportVerb.Create(),
        GcVerb.Create(),
        StoreVerb.Create(),
        CompletionVerb.Create(),
        PythonVerb.Create(),
    };
}
