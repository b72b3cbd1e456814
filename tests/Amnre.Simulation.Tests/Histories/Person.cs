using Amnre.Engine;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Specs;
using Amnre.Jobs.Transitions;
using Amnre.Simulation.Tests.Audit;
using Amnre.Simulation.Tests.Memory;
using Amnre.Simulation.Tests.Worlds;
using Npgsql;

namespace Amnre.Simulation.Tests.Histories;

/// <summary>Who submits experiments, and changes their mind.</summary>
internal sealed class Person
{
    private readonly World _world;
    private readonly SimulatedDatabase _database;
    private readonly Auditor _auditor;
    private readonly SimulatedProcess _process;
    private readonly SimulatedConnection _connection;
    private readonly Mutation _mutation;
    private readonly List<long> _experiments = [];

    public Person(World world, SimulatedDatabase database, Auditor auditor, Scenario scenario, Mutation mutation)
    {
        (_world, _database, _auditor, _mutation) = (world, database, auditor, mutation);
        _process = new SimulatedProcess(world, "person");
        _connection = new SimulatedConnection(database, _process);
        _process.Start(() => LiveAsync(scenario));
    }

    public SimulatedProcess Process => _process;

    /// <summary>All is submitted, and nothing is paused any more.</summary>
    public bool IsContent { get; private set; }

    private async Task LiveAsync(Scenario scenario)
    {
        foreach (var plan in scenario.Plans)
        {
            await SubmitAsync(plan);
            await Task.Delay(_world.Between(0, 10), _process.Clock);
        }

        while (true)
        {
            var idle = _world.Exponential(scenario.MeanBetweenWishes);
            var left = scenario.Calm - _world.Time;
            // What is paused is resumed soon after the last fault, not when the next wish would have come: that may be an hour later.
            if (idle >= left) break;
            await Task.Delay(idle, _process.Clock);
            await TryAsync(() => WishAsync(scenario));
        }

        if (scenario.Calm > _world.Time) await Task.Delay(scenario.Calm - _world.Time, _process.Clock);
        // A wish to pause may linger on its way for so long.
        await Task.Delay(SimulatedDatabase.LongestLingering, _process.Clock);
        foreach (var experiment in _experiments) await UntilAsync(() => _connection.ResumeAsync(experiment));
        IsContent = true;
    }

    private async Task SubmitAsync(ExperimentPlan plan)
    {
        await UntilAsync(async () =>
        {
            var submitted = await _connection.SubmitAsync(plan, _world.Random.Next(3), () => _mutation == Mutation.SubmissionTorn
                && _world.Chance(0.3));
            if (!_experiments.Contains(submitted.ExperimentId)) _experiments.Add(submitted.ExperimentId);
            _auditor.Acknowledge(submitted.ExperimentId, plan.Jobs.Count);
        });
    }

    private async Task WishAsync(Scenario scenario)
    {
        var experiment = _world.Any(_experiments);
        var jobs = _database.Ledger.Experiment(experiment).Jobs;
        if (jobs.Count == 0) return;
        var some = _world.Any(jobs).Id;
        switch (_world.Random.Next(8))
        {
            case 0:
                if (await _connection.AskToCancelAsync(experiment))
                    await ConcludeAsync(() => _connection.ConcludeAsync(experiment, new GraphEvent.CancelAsked(), default));
                break;
            case 1:
                var asked = await _connection.AskToCancelJobsAsync(experiment, [some]);
                await ConcludeAsync(
                    () => _connection.ConcludeAsync(experiment,
                        [.. asked.Select(job => (job, (Func<int, GraphEvent>)(place => new GraphEvent.JobCancelAsked(place))))], default));
                break;
            case 2 or 3:
                if (await _connection.PauseAsync(experiment, _world.Chance(0.5)))
                {
                    await ConcludeAsync(() => _connection.ConcludeAsync(experiment, new GraphEvent.PauseAsked(), default));
                }

                await Task.Delay(_world.Between(0, 20), _process.Clock);
                await _connection.ResumeAsync(experiment);
                break;
            case 4 or 5:
                var abandoned = jobs.Where(job => job.State.IsAbandoned).Select(job => job.Id).ToList();
                await ConcludeAsync(
                    () => _connection.ConcludeAsync(experiment,
                        [.. abandoned.Select(job => (job, (Func<int, GraphEvent>)(place => new GraphEvent.RetryAsked(place))))], default));
                break;
            case 6:
                await ConcludeAsync(
                    () => _connection.ConcludeAsync(experiment, [(some, place => new GraphEvent.RerunAsked(place))], default));
                break;
            default:
                await SubmitAsync(_world.Any(scenario.Plans));
                break;
        }
    }

    /// <summary>As <see cref="Jobs.Operations.Interventions"/> does: taken again when somebody moved a job meanwhile; or not at all, when
    /// the command is killed between its two transactions.</summary>
    private async Task ConcludeAsync(Func<Task> decide)
    {
        if (_world.Chance(0.2)) return;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await decide();
                return;
            }
            catch (LedgerConflictException) when (attempt < 10)
            {
                // Decided anew on what the ledger says then.
            }
        }
    }

    private async Task UntilAsync(Func<Task> wish)
    {
        while (!await TryAsync(wish)) await Task.Delay(TimeSpan.FromSeconds(2), _process.Clock);
    }

    private static async Task<bool> TryAsync(Func<Task> wish)
    {
        try
        {
            await wish();
            return true;
        }
        catch (InputException)
        {
            return true; // Refused with a reason.
        }
        catch (Exception e) when (e is NpgsqlException or LedgerConflictException)
        {
            return false;
        }
    }
}
