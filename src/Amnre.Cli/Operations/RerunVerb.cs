using System.CommandLine;
using Amnre.Cli.Tables;
using Amnre.Jobs.Graph;

namespace Amnre.Cli.Operations;

/// <summary><c>amnre rerun JOB</c>: makes results anew though they are published.</summary>
internal static class RerunVerb
{
    public static Command Create()
    {
        var options = new LedgerOptions();
        var selection = options.Selection("job", "Job or pattern");
        var verb = options.Verb(
            "rerun",
            """
            Make the results of a job anew although they are published, to see that they come out the same. The digests are compared: a
            difference is reported as drift by status, explain and the pages. What read from the earlier result is left as it is. The exit
            code is 1 when the job has not ended, or something under way reads from it.

            Example:
              amnre rerun quickstart/train/slcp-amnre
            """,
            selection);
        verb.SetAction(async (parsed, stop) =>
        {
            await using var ledger = await options.OpenAsync(parsed, stop);
            var outcome = new Outcome(parsed.GetValue(options.Json), "made anew");
            foreach (var one in await ledger.SelectAsync(parsed.GetRequiredValue(selection), stop))
            {
                var names = (await ledger.Views.SnapshotAsync(one.Id, stop))!.Jobs.ToDictionary(job => job.Id, job => job.Name);
                var again = await ledger.Interventions.RerunAsync(one.Id, [.. one.Jobs.Where(job => job.State.IsDone).Select(job => job.Id)], stop);
                foreach (var job in again) outcome.Add($"{one.Name}/{names[job]}");
                foreach (var job in one.Jobs.Where(job => !again.Contains(job.Id)))
                    outcome.Not($"{one.Name}/{job.Name}", job.State.IsDone ? "is read by a job under way: wait for that, or cancel it" : $"has no result to compare with: it is {job.State.ToString().ToLowerInvariant()}");
            }

            return outcome.Tell();
        });
        return verb;
    }
}
