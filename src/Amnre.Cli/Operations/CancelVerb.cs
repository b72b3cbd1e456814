using System.CommandLine;
using Amnre.Cli.Tables;

namespace Amnre.Cli.Operations;

/// <summary><c>amnre cancel EXPERIMENT|JOB</c>: gives up what has not ended.</summary>
internal static class CancelVerb
{
    public static Command Create()
    {
        var options = new LedgerOptions();
        var selection = options.Selection("what", "Experiment, job or pattern");
        var verb = options.Verb(
            "cancel",
            """
            Give up an experiment, or some of its jobs and what reads from them. What runs is stopped by its worker within seconds; what is
            published stays, and 'amnre retry' brings back what was given up. The exit code is 1 when all of it had ended.

            Examples:
              amnre cancel quickstart
              amnre cancel 'quickstart/evaluate/*'
            """,
            selection);
        verb.SetAction(async (parsed, stop) =>
        {
            await using var ledger = await options.OpenAsync(parsed, stop);
            var outcome = new Outcome(parsed.GetValue(options.Json), "cancelled");
            foreach (var one in await ledger.SelectAsync(parsed.GetRequiredValue(selection), stop))
            {
                if (one.Whole)
                {
                    if (await ledger.Interventions.CancelAsync(one.Id, stop)) outcome.Add(one.Name);
                    else outcome.Not(one.Name, $"has ended already: {one.State.ToString().ToLowerInvariant()}");
                    continue;
                }

                var asked = await ledger.Interventions.CancelJobsAsync(one.Id, [.. one.Jobs.Select(job => job.Id)], stop);
                foreach (var job in one.Jobs)
                {
                    if (asked.Contains(job.Id)) outcome.Add($"{one.Name}/{job.Name}");
                    else outcome.Not($"{one.Name}/{job.Name}", $"has ended already: {job.State.ToString().ToLowerInvariant()}");
                }
            }

            return outcome.Tell();
        });
        return verb;
    }
}
