using System.CommandLine;
using Amnre.Cli.Tables;

namespace Amnre.Cli.Operations;

/// <summary><c>amnre pause EXPERIMENT</c>: lets no new job of it begin.</summary>
internal static class PauseVerb
{
    public static Command Create()
    {
        var options = new LedgerOptions();
        var selection = options.Selection("experiment", "Experiment or pattern");
        var drain = new Option<bool>("--drain") { Description = "Also ask running jobs to save their work and hand it back" };
        var verb = options.Verb(
            "pause",
            """
            Pause an experiment: none of its jobs begins until 'amnre resume'. Running jobs go on to their end; with --drain they save their
            work and hand it back. The exit code is 1 when it has ended.

            Examples:
              amnre pause quickstart
              amnre pause 'sweep-*' --drain
            """,
            selection, drain);
        verb.SetAction(async (parsed, stop) =>
        {
            await using var ledger = await options.OpenAsync(parsed, stop);
            var outcome = new Outcome(parsed.GetValue(options.Json), "paused");
            foreach (var one in await ledger.SelectWholeAsync(parsed.GetRequiredValue(selection), stop))
            {
                if (await ledger.Interventions.PauseAsync(one.Id, parsed.GetValue(drain), stop)) outcome.Add(one.Name);
                else outcome.Not(one.Name, $"has ended already: {one.State.ToString().ToLowerInvariant()}");
            }

            return outcome.Tell();
        });
        return verb;
    }
}
