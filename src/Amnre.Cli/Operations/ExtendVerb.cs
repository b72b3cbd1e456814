using System.CommandLine;
using Amnre.Cli.Studies;
using Amnre.Cli.Tables;
using Amnre.Cli.Terminal;
using Amnre.Experiments.Plans;
using Amnre.Experiments.Reading;

namespace Amnre.Cli.Operations;

/// <summary><c>amnre extend FILE</c>: adds the new jobs of a file to the experiment that is under way.</summary>
internal static class ExtendVerb
{
    public static Command Create()
    {
        var options = new LedgerOptions();
        var file = new Argument<string>("file")
        {
            Description = "Experiment file with more in it than was submitted: further values of a sweep, replicates, models, " +
                "evaluations, figures",
        };
        var verb = options.Verb(
            "extend",
            """
            Add to an experiment that is under way whatever is new in its file. Jobs that are there already continue untouched; a file that
            lacks or changes one of them is refused. A new 'at_most' takes effect at once. An experiment that has ended is submitted again
            instead, which reuses what it made.

            Examples:
              amnre extend study.yaml --store /shared/store
              amnre extend study.yaml --json
            """,
            file);
        verb.SetAction(async (parsed, stop) =>
        {
            ConsoleWidth.Unbounded();
            var experiment = ExperimentReader.ReadAll(parsed.GetRequiredValue(file));
            var plan = Planner.Plan(experiment);
            await using var study = await options.ReachAsync(parsed, stop);
            var extended = await study.ExtendAsync(plan, PlanNeeds.Of(experiment), stop);
            if (parsed.GetValue(options.Json))
            {
                Console.WriteLine(
                    JsonText.Of(new { Experiment = plan.Name, extended.ExperimentId, extended.Version, Added = extended.Jobs }));
                return ExitCode.Success;
            }

            Console.WriteLine(
                $"{plan.Name}: {(extended.Jobs.Count == 0 ? "nothing is new" : $"{extended.Jobs.Count} job{(extended.Jobs.Count == 1 ? "" : "s")} added")}; see 'amnre status {plan.Name}'");
            foreach (var job in extended.Jobs) Console.WriteLine($"  {(job.Runs ? "run" : "reuse"),-5}  {job.Name}: {job.Reason}");
            return ExitCode.Success;
        });
        return verb;
    }
}
