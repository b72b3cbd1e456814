using System.CommandLine;
using Amnre.Cli.Studies;
using Amnre.Cli.Tables;
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
            Retry what failed or was cancelled, in the same version of the experiment and with a fresh budget of retries; what was
            skipped because of it comes back too. A training resumes from its last checkpoint. The exit code is 1 when nothing came back.

            Examples:
              amnre retry quickstart --failed
              amnre retry quickstart/train/slcp-amnre
              amnre retry quickstart --where state=failed,cancelled kind=train
            """,
            selection, failed, where);
        verb.SetAction(async (parsed, stop) =>
        {
            var conditions = parsed.GetValue(where) ?? [];
            string[] wanted = parsed.GetValue(failed) ? [.. conditions, "state=failed"] : conditions;
            _ = JobFilter.Parse(wanted); // Before anything is opened.
            await using var study = await options.ReachAsync(parsed, stop);
            var json = parsed.GetValue(options.Json);
            var report = await study.DoAsync(new ActionRequest(ActionKind.Retry, parsed.GetRequiredValue(selection)) { Where = wanted },
                stop);
            var code = Outcome.Tell(json, report);
            if (!json && report.Done.Count > 0) Console.WriteLine(await study.WhatFollowsAsync(stop));
            return code;
        });
        return verb;
    }
}
