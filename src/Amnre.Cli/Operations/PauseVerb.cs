using System.CommandLine;
using Amnre.Cli.Studies;
using Amnre.Cli.Tables;
using Amnre.Jobs.Operations;

namespace Amnre.Cli.Operations;

/// <summary><c>amnre pause EXPERIMENT</c>: lets no new job of it begin.</summary>
internal static class PauseVerb
{
    public static Command Create()
    {
        var options = new LedgerOptions();
        var selection = options.Selection("experiment", "Experiment or pattern");
        var drain = new Option<bool>("--drain") { Description = "Also ask running jobs to save their work and return to the queue" };
        var verb = options.Verb(
            "pause",
            """
            Pause an experiment: none of its jobs begins until 'amnre resume'. Running jobs run to their end; with --drain they save their
            work and return to the queue. The exit code is 1 when it has ended.

            Examples:
              amnre pause quickstart
              amnre pause 'sweep-*' --drain
            """,
            selection, drain);
        verb.SetAction(async (parsed, stop) =>
        {
            await using var study = await options.ReachAsync(parsed, stop);
            return Outcome.Tell(parsed.GetValue(options.Json),
                await study.DoAsync(new ActionRequest(ActionKind.Pause, parsed.GetRequiredValue(selection))
                {
                    Drain = parsed.GetValue(drain),
                }, stop));
        });
        return verb;
    }
}
