using System.CommandLine;
using Amnre.Cli.Studies;
using Amnre.Cli.Tables;
using Amnre.Jobs.Operations;

namespace Amnre.Cli.Operations;

/// <summary><c>amnre rerun JOB</c>: reruns jobs though their results are published.</summary>
internal static class RerunVerb
{
    public static Command Create()
    {
        var options = new LedgerOptions();
        var selection = options.Selection("job", "Job or pattern");
        var verb = options.Verb(
            "rerun",
            """
            Rerun a job although its results are published, to see that they come out the same. The digests are compared: a
            difference is reported as drift by status, explain and the pages, or as a variation when the job was computed on another kind of
            device than before. What read from the earlier result is left as it is. The exit code is 1 when the job has not ended, or something
            under way reads from it.

            Example:
              amnre rerun quickstart/train/slcp-amnre
            """,
            selection);
        verb.SetAction(async (parsed, stop) =>
        {
            await using var study = await options.ReachAsync(parsed, stop);
            var json = parsed.GetValue(options.Json);
            var report = await study.DoAsync(new ActionRequest(ActionKind.Rerun, parsed.GetRequiredValue(selection)), stop);
            var code = Outcome.Tell(json, report);
            if (!json && report.Done.Count > 0) Console.WriteLine(await study.WhatFollowsAsync(stop));
            return code;
        });
        return verb;
    }
}
