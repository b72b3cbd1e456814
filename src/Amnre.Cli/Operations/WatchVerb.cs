using System.CommandLine;
using Amnre.Cli.Studies;
using Amnre.Cli.Tables;
using Amnre.Cli.Terminal;
using Amnre.Engine;
using Amnre.Jobs.Graph;

namespace Amnre.Cli.Operations;

/// <summary><c>amnre watch EXPERIMENT</c>: a live view of an experiment that others do.</summary>
internal static class WatchVerb
{
    public static Command Create()
    {
        var options = new LedgerOptions();
        var selection = options.Selection("experiment", "Experiment");
        var verb = options.Verb(
            "watch",
            """
            Watch an experiment to its end. Ctrl-C ends the watching, not the experiment. The exit code is 0 when all jobs succeeded and
            1 when some did not, so a script can wait for a study. With --json one line for each change.

            Examples:
              amnre watch quickstart
              amnre submit study.yaml && amnre watch study && amnre export study
            """,
            selection);
        verb.SetAction(async (parsed, stop) =>
        {
            ConsoleWidth.Unbounded();
            await using var study = await options.ReachAsync(parsed, stop);
            var found = await study.SelectWholeAsync(parsed.GetRequiredValue(selection), stop);
            if (found is not [var experiment])
                throw new InputException(
                    $"one experiment can be watched at a time: {string.Join(", ", found.Select(one => $"'{one.Name}'"))} are selected");
            var watch = new ExperimentWatch(study.SnapshotAsync, TimeProvider.System);
            if (experiment.State == ExperimentState.Running && await study.MissingSchedulerAsync(stop) is { } warning)
                Console.Error.WriteLine(warning);
            var snapshot = parsed.GetValue(options.Json)
                ? await watch.FollowAsync(new JsonView(Console.Out), experiment.Id, null, stop)
                : await watch.FollowAsync(experiment.Id, experiment.Name, null, stop);
            if (snapshot.Experiment.State == ExperimentState.Running) return ExitCode.Interrupted;
            if (!parsed.GetValue(options.Json))
                Report.Write(snapshot, await study.FilesAsync(experiment.Id, stop), study.StoreRoot,
                    snapshot.Experiment.FinishedAt!.Value - snapshot.Experiment.SubmittedAt);
            return snapshot.Experiment.State == ExperimentState.Succeeded ? ExitCode.Success : ExitCode.Failed;
        });
        return verb;
    }

    /// <summary>A line of JSON whenever a job changes its state, and one at the end.</summary>
    private sealed class JsonView(TextWriter output) : IRunView
    {
        private readonly Dictionary<long, JobState> _seen = [];

        public void Say(string message) => output.WriteLine(JsonText.Line(new { Message = message }));

        public void Show(Amnre.Jobs.Views.ExperimentSnapshot snapshot)
        {
            foreach (var job in snapshot.Jobs.Where(job => !_seen.TryGetValue(job.Id, out var before) || before != job.State))
            {
                _seen[job.Id] = job.State;
                output.WriteLine(JsonText.Line(new { At = snapshot.Now, Job = job.Name, job.State, Attempt = job.Attempts, job.Reason }));
            }

            if (snapshot.Experiment.State != ExperimentState.Running)
                output.WriteLine(JsonText.Line(new { At = snapshot.Now, snapshot.Experiment }));
        }
    }
}
