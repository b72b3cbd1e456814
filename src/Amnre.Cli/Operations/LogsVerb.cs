using System.CommandLine;
using Amnre.Cli.Studies;
using Amnre.Cli.Tables;
using Amnre.Cli.Terminal;
using Amnre.Engine;

namespace Amnre.Cli.Operations;

/// <summary><c>amnre logs JOB</c>: what its attempts had to tell.</summary>
internal static class LogsVerb
{
    public static Command Create()
    {
        var options = new LedgerOptions();
        var selection = options.Selection("job", "Job, such as quickstart/train/slcp-amnre");
        var follow = new Option<bool>("--follow", "-f")
        {
            Description = "Follow what is added, from attempt to attempt, until the job has ended",
        };
        var tail = new Option<int?>("--tail", "-n") { Description = "Begin with the last so many lines" };
        var attempt = new Option<int?>("--attempt") { Description = "One attempt only, by its number" };
        var verb = options.Verb(
            "logs",
            """
            Show the log of a job: of every attempt its settings, its progress and rate now and then, and how it ended.
            The exit code is 1 when the job has no log yet.

            Examples:
              amnre logs quickstart/train/slcp-amnre
              amnre logs train/slcp-amnre -f -n 20
              amnre logs quickstart/plot/loss --attempt 1 --json
            """,
            selection, follow, tail, attempt);
        verb.SetAction(async (parsed, stop) =>
        {
            if (parsed.GetValue(tail) is < 0) throw new InputException($"--tail {parsed.GetValue(tail)} is out of range: 0 or more lines");
            await using var study = await options.ReachAsync(parsed, stop);
            var (_, job) = await study.SelectJobAsync(parsed.GetRequiredValue(selection), stop);
            var json = parsed.GetValue(options.Json);
            var reader = new JobLog(study, job.Id, parsed.GetValue(attempt), TimeProvider.System);
            var any = await reader.ReadAsync(
                parsed.GetValue(tail), parsed.GetValue(follow),
                line => Console.WriteLine(json ? JsonText.Line(line) : line.Text), stop);
            if (any) return ExitCode.Success;
            Console.Error.WriteLine($"amnre: {job.Name} has no log yet: it is {EnumName.Of(job.State)}; see 'amnre " +
                $"explain {parsed.GetRequiredValue(selection)}'");
            return ExitCode.Failed;
        });
        return verb;
    }
}
