using Amnre.Jobs.Graph;
using Amnre.Jobs.Specs;
using Amnre.Jobs.Views;
using Amnre.Scheduler.Runs;

namespace Amnre.Scheduler.Tests.Runs;

public sealed class RunShapesTests
{
    /// <summary>One training alone, and one of two replicates with an evaluation of each.</summary>
    private static readonly RunShapes Shapes = RunShapes.None
        .With([new(1, "train/a", JobKind.Train, """{"lr":0.1,"seed":0}""", null)])
        .With([
            new(2, "train/b-1", JobKind.Train, """{"lr":0.2,"seed":4}""", null) { Folder = "1/" },
            new(2, "train/b-2", JobKind.Train, """{"lr":0.2,"seed":5}""", null) { Folder = "2/" },
            new(3, "evaluate/e/b-1", JobKind.Evaluate, "{}", 2) { ModelFolder = "1/" },
            new(4, "evaluate/e/b-2", JobKind.Evaluate, "{}", 2) { ModelFolder = "2/" },
        ]);

    private static readonly Dictionary<long, RunStanding> Standings =
        new[] { 1, 2, 3, 4 }.ToDictionary(id => (long)id,
            id => new RunStanding(id, JobState.Succeeded, 1, 2, id, new Dictionary<string, double>()));

    [Fact]
    public void Models_trained_together_are_runs_of_their_own()
    {
        var set = Shapes.Set(evaluations: false, Standings,
            run => [KeyValuePair.Create("loss", run.Folder.Length > 0 ? run.Folder[0] - '0' : (double)run.Id * 10)]);

        Assert.Equal(["train/a", "train/b-1", "train/b-2"], set.Runs.Select(run => run.Name));
        Assert.Equal([1L, 2, 2], set.Runs.Select(run => run.Id));
        Assert.Equal(["seed", "lr"], set.Settings);
        Assert.Equal([0.0, 4.0, 5.0], set.Runs.Select(run => run.Values["seed"]));
        Assert.Equal([10.0, 1.0, 2.0], set.Runs.Select(run => run.Values["loss"]));
        Assert.Equal([null, 30.0, 40.0], set.Runs.Select(run => run.Values.GetValueOrDefault("e.loss")));
        Assert.Equal(["evaluate/e/b-1", "evaluate/e/b-2"], Shapes.Set(evaluations: true, Standings, _ => []).Runs.Select(run => run.Name));
    }

    [Fact]
    public void A_page_may_end_between_the_models_of_one_training()
    {
        var shapes = RunShapes.None.With(
            [.. Enumerable.Range(1, 250).Select(i => new RunShape(7, $"train/a-{i}", JobKind.Train, "{}", null) { Folder = $"{i}/" })]);
        var set = shapes.Set(false,
            new Dictionary<long, RunStanding> { [7] = new(7, JobState.Running, 0, null, null, new Dictionary<string, double>()) }, _ => []);
        var (query, seen) = (new RunQuery(), new List<string>());
        for (long? next = null; ;)
        {
            (var page, next) = (query with { After = next }).PageOf(query.Select(set));
            seen.AddRange(page.Select(run => run.Name));
            if (next is null) break;
        }

        Assert.Equal(Enumerable.Range(1, 250).Select(i => $"train/a-{i}"), seen);
    }
}
