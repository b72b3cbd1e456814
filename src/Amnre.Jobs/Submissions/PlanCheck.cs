using Amnre.Engine;
using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Specs;

namespace Amnre.Jobs.Submissions;

/// <summary>Refuses a plan that the ledger and the store could not hold.</summary>
public static class PlanCheck
{
    /// <summary>Jobs of one experiment.</summary>
    public const int MaxJobs = 1_000_000;

    /// <exception cref="InputException">The first validation error.</exception>
    public static void Require(ExperimentPlan plan) => Check(plan);

    /// <returns>Who reads from whom.</returns>
    /// <exception cref="InputException">The first validation error.</exception>
    internal static JobGraph Check(ExperimentPlan plan)
    {
        Require(PlainName.Is(plan.Name) && !ArtifactStore.ReservedNames.Contains(plan.Name),
            $"experiment name '{plan.Name}' cannot be a folder of the store: use {PlainName.Rule}, " +
            $"and not {string.Join(" or ", ArtifactStore.ReservedNames)}");
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        var paths = new Dictionary<string, string>(StringComparer.Ordinal);
        var dependencies = new List<IReadOnlyList<int>>();
        foreach (var job in plan.Jobs)
        {
            dependencies.Add([.. job.Inputs.Select(input => Producer(job, input))]);
            Require(places.TryAdd(job.Name, places.Count), $"two jobs are called '{job.Name}'");
            foreach (var output in job.Outputs)
            {
                Require(StorePath.IsSafe(output.Name), $"output '{output.Name}' of job '{job.Name}' is not a plain relative path");
                if (output.Path is not { } path)
                {
                    continue;
                }

                Require(StorePath.IsSafe(path), $"path '{path}' of job '{job.Name}' is not a plain relative path");
                Require(paths.TryAdd(path, job.Name), $"jobs '{paths[path]}' and '{job.Name}' both make '{path}': rename one of them");
            }
        }

        return new JobGraph(dependencies, Rules());

        Dictionary<(int, int), EdgeRule> Rules()
        {
            var rules = new Dictionary<(int, int), EdgeRule>();
            foreach (var (place, job) in plan.Jobs.Index())
            {
                foreach (var of in job.Inputs.Where(input => input.Branch is not null || input.Optional || !input.Decides)
                    .Select(input => input.Job).Distinct())
                {
                    var inputs = job.Inputs.Where(input => input.Job == of).ToList();
                    var branches = inputs.Select(input => input.Branch).OfType<string>().Distinct().ToList();
                    Require(branches.Count <= 1, $"job '{job.Name}' is of two branches of '{of}'");
                    Require(branches.Count == 0 || plan.Jobs[places[of]].Kind == JobKind.Decide,
                        $"job '{job.Name}' is of branch '{branches.FirstOrDefault()}' of '{of}', which decides nothing");
                    rules[(place, places[of])] = new EdgeRule(branches.FirstOrDefault(), inputs.TrueForAll(input => input.Optional))
                    {
                        Aside = inputs.TrueForAll(input => !input.Decides),
                    };
                }
            }

            return rules;
        }

        int Producer(JobSpec job, JobInput input)
        {
            Require(places.TryGetValue(input.Job, out var place), $"job '{job.Name}' reads from '{input.Job}', which is no job before it");
            return place;
        }
    }

    private static void Require(bool holds, string error)
    {
        if (!holds)
        {
            throw new InputException(error);
        }
    }
}
