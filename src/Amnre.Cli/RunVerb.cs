using System.CommandLine;
using Amnre.Cli.Local;
using Amnre.Cli.Terminal;
using Amnre.Experiments.Reading;

namespace Amnre.Cli;

/// <summary><c>amnre run FILE</c>: a whole study on this machine, from simulations to figures.</summary>
internal static class RunVerb
{
    public static Command Create()
    {
        var file = new Argument<string>("file") { Description = "Experiment file" };
        var options = new RunOptions();
        var verb = new Command(
            "run",
            """
            Run a whole experiment on this machine: starts a private PostgreSQL, a scheduler and workers, shows progress, and ends with
            a summary. What is published already is reused, with --verify after its digests were compared. Ctrl-C stops cleanly; the same command resumes.

            Examples:
              amnre run experiments/quickstart.yaml
              amnre run study.yaml --store /data/study --workers 8
            """)
        { file };
        foreach (var option in options.All) verb.Options.Add(option);
        verb.SetAction(async (parsed, stop) =>
        {
            ConsoleWidth.Unbounded();
            options.Check(parsed);
            return await options.RunAsync(parsed, ExperimentReader.ReadAll(parsed.GetRequiredValue(file)), null, stop);
        });
        return verb;
    }
}
