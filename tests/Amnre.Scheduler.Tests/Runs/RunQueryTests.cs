using Amnre.Jobs.Graph;
using Amnre.Scheduler.Runs;

namespace Amnre.Scheduler.Tests.Runs;

public sealed class RunQueryTests
{
    private static readonly RunSet Set = new(
    [
        Run(1, "train/a", ("lr", 0.001), ("loss", 0.5), ("net", "MLP")),
        Run(2, "train/b", ("lr", 0.01), ("loss", double.NaN), ("net", "ResNet")),
        Run(3, "train/c", ("lr", 0.1)), Run(4, "train/d", ("lr", 0.001), ("loss", 0.25), ("net", "MLP")),
    ], ["lr", "net"], ["loss"], 0);

    [Theory]
    [InlineData("", "1 2 3 4")]
    [InlineData("sort=loss", "4 1 2 3")]
    [InlineData("sort=-loss", "1 4 2 3")]
    [InlineData("sort=lr", "1 4 2 3")]
    [InlineData("where=lr<0.01", "1 4")]
    [InlineData("where=lr>=0.01 net!=MLP", "2 3")]
    [InlineData("where=net~res", "2")]
    [InlineData("where=state=succeeded name~/D", "4")]
    [InlineData("where=loss<1", "1 4")]
    [InlineData("where=loss!=0.5", "2 3 4")]
    [InlineData("where=unknown=1", "")]
    public void Runs_are_sorted_and_filtered(string query, string expected) =>
        Assert.Equal(expected, string.Join(' ', Parse(query).Select(Set).Select(run => run.Id)));

    [Fact]
    public void What_is_no_condition_is_named_and_the_rest_holds()
    {
        var query = Parse("where=nonsense \"validation loss\"<0.4 =3");

        Assert.Equal(2, query.Errors.Count);
        Assert.Contains("'nonsense'", query.Errors[0], StringComparison.Ordinal);
        Assert.Equal(new RunFilter("validation loss", "<", "0.4"), Assert.Single(query.Filters));
    }

    [Fact]
    public void A_query_is_read_back_from_its_own_address()
    {
        var query = Parse("sort=-a&b|where=x<=\"1 & 2\"|group=net|column=lr|column=loss?|after=17|rows=evaluations");

        var parts = query.Address("/runs").Split('?', 2)[1].Split('&').Select(part => part.Split('=', 2))
            .ToLookup(part => part[0], part => Uri.UnescapeDataString(part[1]));
        var again = RunQuery.Parse(name => [.. parts[name]]);

        Assert.Equal((query.Sort, query.Descending, query.Where, query.Group, query.After, query.Evaluations),
            (again.Sort, again.Descending, again.Where, again.Group, again.After, again.Evaluations));
        Assert.Equal(query.Columns, again.Columns);
        Assert.Equal("/runs", new RunQuery().Address("/runs"));
    }

    [Fact]
    public void Pages_go_on_from_a_run_and_together_hold_each_run_once()
    {
        var set = new RunSet([.. Enumerable.Range(1, 1050).Select(i => Run(i, $"train/{i}", ("loss", (double)(i % 7))))], [], ["loss"], 0);
        var (query, seen) = (Parse("sort=-loss"), new List<long>());
        for (long? next = null; ;)
        {
            (var page, next) = (query with { After = next }).PageOf(query.Select(set));
            seen.AddRange(page.Select(run => run.Id));
            if (next is null) break;
        }

        Assert.Equal(query.Select(set).Select(run => run.Id), seen);
        Assert.Equal(1050, seen.Distinct().Count());
    }

    [Fact]
    public void Groups_have_counts_and_means_over_the_runs_that_have_a_value()
    {
        var groups = RunGroup.Of(Set.Runs, "net", ["loss", "lr"]);

        Assert.Equal(["MLP", "ResNet", null], groups.Select(group => group.Value));
        Assert.Equal((2, 0.375, 0.25, 0.5),
            (groups[0].Count, groups[0].Means["loss"].Mean, groups[0].Means["loss"].Min, groups[0].Means["loss"].Max));
        Assert.False(groups[1].Means.ContainsKey("loss"));
    }

    [Fact]
    public void Csv_quotes_and_keeps_every_digit_and_disarms_formulas()
    {
        var lines = RunsCsv.Lines([Run(1, "=cmd|'/c calc'", ("lr", 0.1 + 0.2), ("net", "a,\"b\"\n"))], ["name", "lr", "net", "none"])
            .ToList();

        Assert.Equal(["name,lr,net,none\r\n", "'=cmd|'/c calc',0.30000000000000004,\"a,\"\"b\"\"\n\",\r\n"], lines);
    }

    private static RunQuery Parse(string parts)
    {
        var values = parts.Split('|', StringSplitOptions.RemoveEmptyEntries).Select(part => part.Split('=', 2))
            .ToLookup(part => part[0], part => part[1]);
        return RunQuery.Parse(name => [.. values[name]]);
    }

    private static Run Run(long id, string name, params (string Name, object Value)[] values) =>
        new(id, name, JobState.Succeeded, 1, 2, values.ToDictionary(value => value.Name, value => value.Value));
}
