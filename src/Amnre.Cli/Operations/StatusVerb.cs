using System.CommandLine;
using Amnre.Cli.Studies;
using Amnre.Cli.Tables;
using Amnre.Cli.Terminal;
using Amnre.Jobs.Graph;

namespace Amnre.Cli.Operations;

/// <summary><c>amnre status [EXPERIMENT]</c>: how things stand.</summary>
internal static class StatusVerb
{
    private const int MaxShown = 30;

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
              amnre status                          all experiments, workers and schedulers, with a link that signs in to the pages
              amnre status quickstart --jobs        every job of one
              amnre status 'quickstart/train/*'     some jobs
              amnre status quickstart --json | jq '.[0].experiment.state'
            """,
            selection, jobs);
        verb.SetAction(async (parsed, stop) =>
        {
            ConsoleWidth.Unbounded();
            await using var study = await options.ReachAsync(parsed, stop);
            var json = parsed.GetValue(options.Json);
            await (parsed.GetValue(selection) is { } text
                ? ShowAsync(study, text, parsed.GetValue(jobs), json, stop)
                : ListAsync(study, parsed.GetRequiredValue(options.Store), json, stop));
            return ExitCode.Success;
        });
        return verb;
    }

    private static async Task ListAsync(IStudy study, string store, bool json, CancellationToken stop)
    {
        var experiments = await study.ListAsync(json ? int.MaxValue : MaxShown, stop);
        var workers = await study.WorkersAsync(stop);
        var schedulers = await study.SchedulersAsync(stop);
        if (json)
        {
            Console.WriteLine(JsonText.Of(new { Experiments = experiments, Workers = workers, Schedulers = schedulers }));
            return;
        }

        var links = await Task.WhenAll(schedulers.Select(scheduler => SignInLinks.OfAsync(scheduler, store, TimeProvider.System, stop)));
        StatusText.List(experiments, workers, [.. schedulers.Zip(links)]);
    }

    private static async Task ShowAsync(IStudy study, string text, bool allJobs, bool json, CancellationToken stop)
    {
        var snapshots = new List<object>();
        var underWay = false;
        foreach (var selected in await study.SelectAsync(text, stop))
        {
            var snapshot = await new ExperimentWatch(study.SnapshotAsync, TimeProvider.System).LookAsync(selected.Id, stop);
            underWay |= snapshot.Experiment.State == ExperimentState.Running;
            var chosen = selected.Jobs.Select(job => job.Id).ToHashSet();
            if (json) snapshots.Add(snapshot with { Jobs = [.. snapshot.Jobs.Where(job => chosen.Contains(job.Id))] });
            else
            {
                StatusText.Experiment(snapshot, allJobs || !selected.Whole ? chosen : null);
                if (selected.Whole && snapshot.Experiment.State != ExperimentState.Running && study.StoreRoot is { } store)
                    Report.Findings(snapshot, await study.FilesAsync(selected.Id, stop), store);
            }
        }

        if (json) Console.WriteLine(JsonText.Of(snapshots));
        else if (underWay && await study.MissingSchedulerAsync(stop) is { } warning) Console.WriteLine(warning);
    }
}
