using System.CommandLine;
using Amnre.Cli.Tables;
using Amnre.Engine;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Operations;

namespace Amnre.Cli.Operations;

/// <summary><c>amnre retry EXPERIMENT|JOB</c>: brings back what failed or was cancelled.</summary>
internal static class RetryVerb
{
    public static Command Create()
    {
        var options = new LedgerOptions();
        var selection = options.Selection("what", "Experiment, job or pattern");
        var failed = new Option<bool>("--failed") { Description = "Of these the failed jobs; the same as --where state=failed" };
        var where = new Option<string[]>("--where") { Description = "Of these the jobs with state=… or kind=…, several with commas" };
        var verb = options.Verb(
            "retry",
            """
            Try again what failed or was cancelled, in the same version of the experiment and with a fresh budget of retries; what was
            skipped because of it comes back too. A training goes on from its last checkpoint. The exit code is 1 when nothing came back.

            Examples:
              amnre retry quickstart --failed
              amnre retry quickstart/train/slcp-amnre
              amnre retry quickstart --where state=failed,cancelled kind=train
            """,
            selection, failed, where);
        verb.SetAction(async (parsed, stop) =>
        {
            var conditions = parsed.GetValue(where) ?? [];
            var filter = JobFilter.Parse(parsed.GetValue(failed) ? [.. conditions, "state=failed"] : conditions);
            await using var ledger = await options.OpenAsync(parsed, stop);
            var outcome = new Outcome(parsed.GetValue(options.Json), "tried again");
            foreach (var one in await ledger.SelectAsync(parsed.GetRequiredValue(selection), stop))
            {
                if (one.Whole && filter is { States: null, Kinds: null })
                    throw new InputException($"say which jobs of '{one.Name}' to try again: --failed, --where state=failed,cancelled, or '{one.Name}/JOB'");
                var wanted = one.Jobs.Where(job => job.State.IsAbandoned && filter.Admits(job.Kind, job.State)).ToList();
                var names = (await ledger.Views.SnapshotAsync(one.Id, stop))!.Jobs.ToDictionary(job => job.Id, job => job.Name);
                var back = wanted.Count == 0 ? [] : await ledger.Interventions.RetryAsync(one.Id, [.. wanted.Select(job => job.Id)], stop);
                foreach (var job in back) outcome.Add($"{one.Name}/{names[job]}");
                foreach (var job in wanted.Where(job => !back.Contains(job.Id)))
                    outcome.Not($"{one.Name}/{job.Name}", "reads from a job that failed or was given up: try that one again too");
                if (wanted.Count == 0) outcome.Not(one.Name, one.Whole ? "has no such jobs that failed or were given up" : "neither failed nor was given up there");
            }

            return outcome.Tell();
        });
        return verb;
    }
}
