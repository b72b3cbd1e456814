using System.CommandLine;
using Amnre.Cli.Tables;

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
            Let a paused experiment go on. The exit code is 1 when it was not paused.

            Example:
              amnre resume quickstart
            """,
            selection);
        verb.SetAction(async (parsed, stop) =>
        {
            await using var ledger = await options.OpenAsync(parsed, stop);
            var outcome = new Outcome(parsed.GetValue(options.Json), "resumed");
            foreach (var one in await ledger.SelectWholeAsync(parsed.GetRequiredValue(selection), stop))
            {
                if (await ledger.Interventions.ResumeAsync(one.Id, stop)) outcome.Add(one.Name);
                else outcome.Not(one.Name, "is not paused");
            }

            return outcome.Tell();
        });
        return verb;
    }
}
