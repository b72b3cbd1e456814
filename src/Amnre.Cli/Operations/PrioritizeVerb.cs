using System.CommandLine;
using System.Globalization;
using Amnre.Cli.Tables;

namespace Amnre.Cli.Operations;

/// <summary><c>amnre prioritize EXPERIMENT N</c>: who goes first.</summary>
internal static class PrioritizeVerb
{
    public static Command Create()
    {
        var options = new LedgerOptions();
        var selection = options.Selection("experiment", "Experiment or pattern");
        var priority = new Argument<int>("priority") { Description = "Greater goes first; 0 is what experiments are submitted with, negative is possible" };
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
            await using var ledger = await options.OpenAsync(parsed, stop);
            var outcome = new Outcome(parsed.GetValue(options.Json), $"priority {parsed.GetValue(priority).ToString(CultureInfo.InvariantCulture)}");
            foreach (var one in await ledger.SelectWholeAsync(parsed.GetRequiredValue(selection), stop))
            {
                if (await ledger.Interventions.PrioritizeAsync(one.Id, parsed.GetValue(priority), stop) is { } before) outcome.Add($"{one.Name} (was {before})");
                else outcome.Not(one.Name, "is gone");
            }

            return outcome.Tell();
        });
        return verb;
    }
}
