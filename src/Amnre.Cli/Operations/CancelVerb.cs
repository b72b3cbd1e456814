using System.CommandLine;
using Amnre.Cli.Studies;
using Amnre.Cli.Tables;
using Amnre.Jobs.Operations;

namespace Amnre.Cli.Operations;

/// <summary><c>amnre cancel EXPERIMENT|JOB</c>: cancels what has not ended.</summary>
internal static class CancelVerb
{
    public static Command Create()
    {
        var options = new LedgerOptions();
        var selection = options.Selection("what", "Experiment, job or pattern");
        var verb = options.Verb(
            "cancel",
            """
            Cancel an experiment, or some of its jobs and what reads from them. What runs is stopped by its worker within seconds; what is
            published stays, and 'amnre retry' brings back what was cancelled. The exit code is 1 when all of it had ended.

            Examples:
              amnre cancel quickstart
              amnre cancel 'quickstart/evaluate/*'
            """,
            selection);
        verb.SetAction(async (parsed, stop) =>
        {
            await using var study = await options.ReachAsync(parsed, stop);
            return Outcome.Tell(parsed.GetValue(options.Json),
                await study.DoAsync(new ActionRequest(ActionKind.Cancel, parsed.GetRequiredValue(selection)), stop));
        });
        return verb;
    }
}
