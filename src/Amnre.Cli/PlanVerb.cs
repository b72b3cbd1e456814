using System.CommandLine;
using Amnre.Cli.Terminal;
using Amnre.Jobs.Specs;
using Amnre.Scheduler.Experiments;
using Spectre.Console;

namespace Amnre.Cli;

/// <summary><c>amnre plan FILE</c>: the jobs that an experiment consists of, without running any.</summary>
internal static class PlanVerb
{
    public static Command Create()
    {
        var file = new Argument<string>("file") { Description = "Experiment file" };
        var verb = new Command("plan", "Show the jobs of an experiment without starting anything.\n\nExample: amnre plan experiments/quickstart.yaml") { file };
        verb.SetAction(parsed =>
        {
            ConsoleWidth.Unbounded();
            Show(Planner.Plan(ExperimentReader.Read(parsed.GetRequiredValue(file))));
            return ExitCode.Success;
        });
        return verb;
    }

    private static void Show(ExperimentPlan plan)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("job", "waits for", "makes");
        foreach (var job in plan.Jobs)
        {
            var producers = job.Inputs.Select(input => input.Job).Distinct().ToList();
            table.AddRow(
                Markup.Escape(job.Name),
                Markup.Escape(producers.Count > 3 ? $"{producers.Count} jobs" : string.Join(", ", producers)),
                Markup.Escape(string.Join(", ", job.Outputs.Select(output => output.Path ?? output.Name))));
        }

        AnsiConsole.Write(table);
        AnsiConsole.MarkupLineInterpolated($"{plan.Name}: {plan.Jobs.Count} jobs, {plan.Jobs.Sum(job => job.Inputs.Select(input => input.Job).Distinct().Count())} edges");
    }
}
