using System.CommandLine;
using Amnre.Cli.Studies;
using Amnre.Cli.Tables;
using Amnre.Jobs.Operations;

namespace Amnre.Cli.Operations;

/// <summary><c>amnre prioritize EXPERIMENT N</c>: who goes first.</summary>
internal static class PrioritizeVerb
{
    public static Command Create()
    {
        var options = new LedgerOptions();
        var selection = options.Selection("experiment", "Experiment or pattern");
        var priority = new Argument<int>("priority")
        {
            Description = "Greater goes first; 0 is what experiments are submitted with, negative is possible",
        };
        var verb = options.Verb(
            "prioritize",
            """
            Set the priority of an experiment: from now on its ready jobs go before those of lesser priority. Jobs that workers are about to
            take are not overtaken.

            Examples:
              amnre prioritize urgent 10
              amnre prioritize 'sweep-*' -5
            """,
            selection, priority);
        verb.SetAction(async (parsed, stop) =>
        {
            await using var study = await options.ReachAsync(parsed, stop);
            return Outcome.Tell(parsed.GetValue(options.Json),
                await study.DoAsync(new ActionRequest(ActionKind.Prioritize, parsed.GetRequiredValue(selection))
                {
                    Priority = parsed.GetValue(priority),
                }, stop));
        });
        return verb;
    }
}
