using System.CommandLine;
using Amnre.Cli.Tables;
using Amnre.Cli.Terminal;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Ledger;

namespace Amnre.Cli.Operations;

/// <summary><c>amnre status [EXPERIMENT]</c>: how things stand.</summary>
internal static class StatusVerb
{
    private const int Most = 30;
    private static readonly TimeSpan SchedulerSilence = TimeSpan.FromSeconds(30);

    public static Command Create()
    {
        var options = new LedgerOptions();
        var selection = options.Selection("experiment", "Experiment, job or pattern; without it all experiments");
        selection.Arity = ArgumentArity.ZeroOrOne;
        var jobs = new Option<bool>("--jobs") { Description = "List every job" };
        var verb = options.Verb(
            "status",
            """
            Show how experiments stand, or one of them, or some of its jobs.

            Examples:
              amnre status                          all experiments, workers and schedulers
              amnre status quickstart --jobs        every job of one
              amnre status 'quickstart/train/*'     some jobs
              amnre status quickstart --json | jq '.[0].experiment.state'
            """,
            selection, jobs);
        verb.SetAction(async (parsed, stop) =>
        {
            ConsoleWidth.Unbounded();
            await using var ledger = await options.OpenAsync(parsed, stop);
            var json = parsed.GetValue(options.Json);
            await (parsed.GetValue(selection) is { } text
                ? ShowAsync(ledger, text, parsed.GetValue(jobs), json, stop)
                : ListAsync(ledger, json, stop));
            return ExitCode.Success;
        });
        return verb;
    }

    private static async Task ListAsync(StudyLedger ledger, bool json, CancellationToken stop)
    {
        var experiments = await ledger.Views.ListAsync(json ? int.MaxValue : Most, stop);
        var workers = await ledger.Views.WorkersAsync(stop);
        var schedulers = await new SchedulerRegistry(ledger.Database).LiveAsync(SchedulerSilence, stop);
        if (json) Console.WriteLine(JsonText.Of(new { Experiments = experiments, Workers = workers, Schedulers = schedulers }));
        else StatusText.List(experiments, workers, schedulers);
    }

    private static async Task ShowAsync(StudyLedger ledger, string text, bool allJobs, bool json, CancellationToken stop)
    {
        var snapshots = new List<object>();
        var underWay = false;
        foreach (var selected in await ledger.SelectAsync(text, stop))
        {
            var snapshot = await new ExperimentWatch(ledger.Views, TimeProvider.System).LookAsync(selected.Id, stop);
            underWay |= snapshot.Experiment.State == ExperimentState.Running;
            var chosen = selected.Jobs.Select(job => job.Id).ToHashSet();
            if (json) snapshots.Add(snapshot with { Jobs = [.. snapshot.Jobs.Where(job => chosen.Contains(job.Id))] });
            else StatusText.Experiment(snapshot, allJobs || !selected.Whole ? chosen : null);
        }

        if (json) Console.WriteLine(JsonText.Of(snapshots));
        else if (underWay && await ledger.NobodySchedulesAsync(stop) is { } nobody) Console.WriteLine(nobody);
    }
}
