using System.CommandLine;
using Amnre.Cli.Studies;
using Amnre.Cli.Tables;
using Amnre.Cli.Terminal;
using Amnre.Experiments.Plans;
using Amnre.Experiments.Reading;

namespace Amnre.Cli.Operations;

/// <summary><c>amnre submit FILE</c>: takes an experiment into the ledger and returns.</summary>
internal static class SubmitVerb
{
    public static Command Create()
    {
        var options = new LedgerOptions();
        var file = new Argument<string>("file") { Description = "Experiment file" };
        var priority = new Option<int>("--priority") { Description = "Greater goes first, across experiments [default: 0]" };
        var verify = CommonOptions.Verify();
        var verb = options.Verb(
            "submit",
            """
            Submit an experiment and return at once: a scheduler and workers do it, whether or not you stay logged in. Submitting the same
            file again changes nothing while it is under way, and later runs only what is missing.

            Examples:
              amnre submit study.yaml --store /shared/store
              amnre submit urgent.yaml --priority 10
            """,
            file, priority, verify);
        verb.SetAction(async (parsed, stop) =>
        {
            ConsoleWidth.Unbounded();
            var experiment = ExperimentReader.ReadAll(parsed.GetRequiredValue(file));
            var plan = Planner.Plan(experiment);
            await using var study = await options.ReachAsync(parsed, stop, create: true);
            var submitted = await study.SubmitAsync(plan, PlanNeeds.Of(experiment), parsed.GetValue(priority), parsed.GetValue(verify),
                stop);
            if (parsed.GetValue(options.Json))
            {
                Console.WriteLine(
                    JsonText.Of(new
                    {
                        Experiment = plan.Name,
                        submitted.ExperimentId,
                        submitted.Version,
                        submitted.Attached,
                        submitted.Jobs
                    }));
                return ExitCode.Success;
            }

            Report.Submission(plan, submitted);
            Console.WriteLine($"version {submitted.Version}; see 'amnre status {plan.Name}' or 'amnre watch {plan.Name}'");
            if (await study.MissingSchedulerAsync(stop) is { } warning) Console.WriteLine(warning);
            return ExitCode.Success;
        });
        return verb;
    }
}
