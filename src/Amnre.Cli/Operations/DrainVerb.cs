using System.CommandLine;
using Amnre.Cli.Studies;
using Amnre.Cli.Tables;
using Amnre.Cli.Terminal;
using Amnre.Engine;
using Amnre.Jobs.Operations;

namespace Amnre.Cli.Operations;

/// <summary><c>amnre drain WORKER</c>: asks workers to drain.</summary>
internal static class DrainVerb
{
    public static Command Create()
    {
        var options = new LedgerOptions();
        var worker = new Argument<string?>("worker")
        {
            Description = "Worker, as 'amnre status' names it; * stands for anything",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var all = new Option<bool>("--all") { Description = "Every worker" };
        var verb = options.Verb(
            "drain",
            """
            Ask a worker to save its work, return it to the queue and leave; another worker resumes it. The request arrives with the next heartbeat, within
            ten seconds. Workers of an 'amnre run' are started again by it: interrupt the run instead. The exit code is 1 when there is no such worker.

            Examples:
              amnre drain node17-4711-3f09ab
              amnre drain 'node17-*'
              amnre drain --all
            """,
            worker, all);
        verb.SetAction(async (parsed, stop) =>
        {
            var name = parsed.GetValue(worker);
            if (name is null == !parsed.GetValue(all)) throw new InputException("name a worker, or give --all: one of the two");
            await using var study = await options.ReachAsync(parsed, stop);
            var code = Outcome.Tell(parsed.GetValue(options.Json),
                await study.DoAsync(new ActionRequest(ActionKind.Drain, name ?? "*"), stop));
            if (code != ExitCode.Success)
                Console.Error.WriteLine(name is null
                    ? "amnre: no worker is running"
                    : $"amnre: no running worker is called '{name}'; see 'amnre status'");
            return code;
        });
        return verb;
    }
}
