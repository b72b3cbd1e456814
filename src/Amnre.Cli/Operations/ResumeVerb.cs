using System.CommandLine;
using Amnre.Cli.Studies;
using Amnre.Cli.Tables;
using Amnre.Jobs.Operations;

namespace Amnre.Cli.Operations;

/// <summary><c>amnre resume EXPERIMENT</c>: ends a pause.</summary>
internal static class ResumeVerb
{
    public static Command Create()
    {
        var options = new LedgerOptions();
        var selection = options.Selection("experiment", "Experiment or pattern");
        var verb = options.Verb(
            "resume",
            """
            Resume a paused experiment. The exit code is 1 when it was not paused.

            Example:
              amnre resume quickstart
            """,
            selection);
        verb.SetAction(async (parsed, stop) =>
        {
            await using var study = await options.ReachAsync(parsed, stop);
            return Outcome.Tell(parsed.GetValue(options.Json),
                await study.DoAsync(new ActionRequest(ActionKind.Resume, parsed.GetRequiredValue(selection)), stop));
        });
        return verb;
    }
}
