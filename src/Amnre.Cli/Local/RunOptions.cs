using System.CommandLine;
using Amnre.Cli.Studies;
using Amnre.Engine;
using Amnre.Experiments.Plans;
using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Views;
using Amnre.Scheduler.Access;

namespace Amnre.Cli.Local;

/// <summary>What verbs that run a study on this machine take, and how they run it.</summary>
internal sealed class RunOptions
{
    private readonly Option<string> _store = CommonOptions.Store();
    private readonly Option<string?> _postgres = CommonOptions.Postgres();
    private readonly Option<bool> _verify = CommonOptions.Verify();

    private readonly Option<string?> _binaries = new("--postgres-binaries")
    {
        Description = "Folder with initdb, pg_ctl and postgres for the private database",
    };

    private readonly Option<int> _workers = new("--workers")
    {
        Description = "Worker processes; each runs one job at a time [default: one for each CPU]",
        DefaultValueFactory = _ => Environment.ProcessorCount,
    };

    private readonly Option<string> _dashboard = new("--dashboard")
    {
        Description = "Address of the dashboard; port 0 takes a free one",
        DefaultValueFactory = _ => "http://127.0.0.1:0",
    };

    public IReadOnlyList<Option> All => [_store, _workers, _postgres, _binaries, _dashboard, _verify];

    /// <summary>Refuses options before anything is read or written.</summary>
    /// <exception cref="InputException">One cannot be.</exception>
    public void Check(ParseResult parsed)
    {
        var count = parsed.GetValue(_workers);
        if (count is < 1 or > 1024) throw new InputException($"--workers {count} is out of range: from 1 to 1024");
        // Here, because the scheduler's own refusal would be hidden in its log.
        ListenAddress.Parse(parsed.GetRequiredValue(_dashboard));
        AccessTokens.Given(null, TimeProvider.System);
    }

    /// <summary>Runs the documents of one file to their end.</summary>
    /// <param name="ended">Told how the study stands at the end, or when it was stopped, with its published files and the store; null
    /// for nobody.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(
        ParseResult parsed, IReadOnlyList<ExperimentFile> parts, Action<ExperimentSnapshot, IReadOnlyList<PublishedFile>, string>? ended,
        CancellationToken stop)
    {
        OpenFiles.Require(Console.Error);
        var folder = CommonOptions.StoreFolder(parsed.GetRequiredValue(_store));
        PlanNeeds.Of(parts).Require(folder);
        var plan = Planner.Plan(parts);
        StoreLayout.Require(folder, plan);
        var study = new StudyRun(new StudyOptions
        {
            Store = folder,
            Postgres = CommonOptions.ConnectionString(parsed.GetValue(_postgres)),
            PostgresBinaries = parsed.GetValue(_binaries),
            Workers = parsed.GetValue(_workers),
            Verify = parsed.GetValue(_verify),
            Dashboard = parsed.GetRequiredValue(_dashboard),
        }, TimeProvider.System);
        return await study.RunAsync(plan, ended, stop);
    }
}
