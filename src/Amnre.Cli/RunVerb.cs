using System.CommandLine;
using Amnre.Cli.Local;
using Amnre.Cli.Studies;
using Amnre.Cli.Terminal;
using Amnre.Engine;
using Amnre.Experiments.Plans;
using Amnre.Experiments.Reading;
using Amnre.Jobs.Artifacts;
using Amnre.Scheduler.Access;

namespace Amnre.Cli;

/// <summary><c>amnre run FILE</c>: a whole study on this machine, from simulations to figures.</summary>
internal static class RunVerb
{
    public static Command Create()
    {
        var file = new Argument<string>("file") { Description = "Experiment file" };
        var store = CommonOptions.Store();
        var postgres = CommonOptions.Postgres();
        var binaries = new Option<string?>("--postgres-binaries")
        {
            Description = "Folder with initdb, pg_ctl and postgres for the private database",
        };
        var workers = new Option<int>("--workers")
        {
            Description = "Worker processes; each runs one job at a time [default: one for each CPU]",
            DefaultValueFactory = _ => Environment.ProcessorCount,
        };
        var verify = CommonOptions.Verify();
        var dashboard = new Option<string>("--dashboard")
        {
            Description = "Address of the dashboard; port 0 takes a free one",
            DefaultValueFactory = _ => "http://127.0.0.1:0",
        };
        var verb = new Command(
            "run",
            """
            Run a whole experiment on this machine: starts a private PostgreSQL, a scheduler and workers, shows progress, and ends with
            a summary. What is published already is reused, with --verify after its digests were compared. Ctrl-C stops cleanly; the same command resumes.

            Examples:
              amnre run experiments/quickstart.yaml
              amnre run study.yaml --store /data/study --workers 8
            """)
        { file, store, workers, postgres, binaries, dashboard, verify };
        verb.SetAction(async (parsed, stop) =>
        {
            ConsoleWidth.Unbounded();
            var count = parsed.GetValue(workers);
            if (count is < 1 or > 1024) throw new InputException($"--workers {count} is out of range: from 1 to 1024");
            var address = parsed.GetRequiredValue(dashboard);
            // Here, because the scheduler's own refusal would be hidden in its log.
            ListenAddress.Parse(address);
            AccessTokens.Given(null, TimeProvider.System);
            var experiment = ExperimentReader.ReadAll(parsed.GetRequiredValue(file));
            OpenFiles.Require(Console.Error);
            var folder = CommonOptions.StoreFolder(parsed.GetRequiredValue(store));
            PlanNeeds.Of(experiment).Require(folder);
            var plan = Planner.Plan(experiment);
            StoreLayout.Require(folder, plan);
            var study = new StudyRun(new StudyOptions
            {
                Store = folder,
                Postgres = CommonOptions.ConnectionString(parsed.GetValue(postgres)),
                PostgresBinaries = parsed.GetValue(binaries),
                Workers = count,
                Verify = parsed.GetValue(verify),
                Dashboard = address,
            }, TimeProvider.System);
            return await study.RunAsync(plan, stop);
        });
        return verb;
    }
}
