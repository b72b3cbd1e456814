using Amnre.Engine;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Operations;
using Amnre.Jobs.Specs;

namespace Amnre.Jobs.Tests.Operations;

public sealed class SelectionTests
{
    private static readonly SelectableExperiment[] Known =
        [new(1, "quick", 1, false), new(2, "quick", 2, true), new(3, "sweep-a", 1, true), new(4, "sweep-b", 1, true)];

    [Theory]
    [InlineData("quick", "2:")]
    [InlineData("quick/", "2:")]
    [InlineData("quick@1", "1:")]
    [InlineData("quick@1/train/a", "1:train/a")]
    [InlineData("quick@7", "any")]
    [InlineData("sweep-*", "3: 4:")]
    [InlineData("*/train/*", "2:train/* 3:train/* 4:train/*")]
    [InlineData("train/a", "any")]
    [InlineData("Quick", "any")]
    public void Words_mean_experiments_and_their_jobs(string text, string meant)
    {
        var (named, found) = Selection.Experiments(text, Known);

        Assert.Equal(meant, named ? string.Join(' ', found.Select(one => $"{one.Experiment.Id}:{one.Jobs}")) : "any");
        if (!named) Assert.Equal([(2, text), (3, text), (4, text)], found.Select(one => (one.Experiment.Id, one.Jobs)));
    }

    [Theory]
    [InlineData("train/a", "train/a")]
    [InlineData("train/*", "train/a train/ab")]
    [InlineData("train/?", "train/a")]
    [InlineData("evaluate/*", "evaluate/cal/a")]
    [InlineData("a", "evaluate/cal/a train/a")]
    [InlineData("cal/a", "evaluate/cal/a")]
    [InlineData("train", "gather/train")]
    [InlineData("train/0", "sample/train/0")]
    [InlineData("tra", "")]
    public void A_pattern_selects_whole_names_and_only_without_such_their_last_parts(string pattern, string selected)
    {
        string[] names = ["sample/train/0", "gather/train", "train/a", "train/ab", "evaluate/cal/a"];

        Assert.Equal(selected, string.Join(' ', Selection.Jobs(pattern, names).Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void Conditions_admit_by_state_and_kind()
    {
        var filter = JobFilter.Parse(["state=failed,cancelled", "kind=train"]);

        Assert.True(filter.Admits(JobKind.Train, JobState.Failed));
        Assert.False(filter.Admits(JobKind.Train, JobState.Skipped));
        Assert.False(filter.Admits(JobKind.Plot, JobState.Failed));
    }

    [Theory]
    [InlineData("state=broken", "there is no state 'broken'")]
    [InlineData("worker=w1", "'worker=w1' is not understood")]
    public void A_condition_that_makes_no_sense_is_refused(string condition, string says) =>
        Assert.Contains(says, Assert.Throws<InputException>(() => JobFilter.Parse([condition])).Message, StringComparison.Ordinal);
}
