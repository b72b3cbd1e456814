using Amnre.Engine.Searches;
using Amnre.Engine.Tables;

namespace Amnre.Engine.Tests.Searches;

public sealed class RungDecisionTests
{
    private static DecideSettings Rung(int rung, int keep, params string[] candidates) => new()
    {
        Candidates = candidates,
        Metric = "valid.loss",
        Rung = rung,
        Epochs = 4,
        Keep = keep,
    };

    private static Dictionary<string, double?> Values(params (string, double?)[] values) => values.ToDictionary();

    [Fact]
    public void The_lowest_go_on_ties_by_the_order_of_the_file_and_what_is_no_number_comes_last()
    {
        var decision = RungDecision.Of(Rung(1, 3, "a", "b", "c", "d", "e"), null,
            Values(("e", 0.1), ("d", 0.412), ("c", 0.397), ("b", null), ("a", 0.397)));

        Assert.Equal(["a", "c", "e"], decision.Admitted.Select(one => one.Name));
        Assert.Equal([2, 5, 3, 4, 1], decision.Candidates.Select(one => one.Rank!.Value));
        Assert.Equal("admitted at rung 1: 0.1, rank 1 of 5", decision.Candidates[4].Reason);
        Assert.Equal("pruned at rung 1: 0.412, the third best was 0.397", decision.Candidates[3].Reason);
        Assert.Equal("pruned at rung 1: its valid.loss is not a number, the third best was 0.397", decision.Candidates[1].Reason);
    }

    [Fact]
    public void What_was_pruned_below_takes_no_part_and_keeps_its_reason()
    {
        var first = RungDecision.Of(Rung(1, 2, "a", "b", "c"), null, Values(("a", 3), ("b", 1), ("c", 2)));
        // Of a candidate that was pruned a result may be published nevertheless.
        var second = RungDecision.Of(Rung(2, 1, "a", "b", "c") with { Adopts = true }, first, Values(("a", 0), ("b", 2), ("c", 1)));

        Assert.Equal("c", Assert.Single(second.Admitted).Name);
        Assert.Equal("chosen at rung 2: 1, rank 1 of 2", second.Candidates[2].Reason);
        Assert.Equal("pruned at rung 2: 2, the best was 1", second.Candidates[1].Reason);
        Assert.Equal(first.Candidates[0].Reason, second.Candidates[0].Reason);
        Assert.Null(second.Candidates[0].Rank);
    }

    [Fact]
    public void Fewer_go_on_where_fewer_have_a_number_and_none_is_refused()
    {
        var decision = RungDecision.Of(Rung(1, 2, "a", "b", "c"), null, Values(("a", null), ("b", 5), ("c", null)));
        Assert.Equal("b", Assert.Single(decision.Admitted).Name);

        var refused = Assert.Throws<InputException>(
            () => RungDecision.Of(Rung(1, 2, "a", "b"), null, Values(("a", null), ("b", null))));
        Assert.Contains("no candidate of rung 1 has a finite valid.loss after 4 epochs", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_decision_is_read_as_it_was_written_and_another_file_is_refused()
    {
        using var folder = new ScratchDirectory();
        var decision = RungDecision.Of(Rung(1, 1, "a", "b"), null, Values(("a", 1), ("b", null)));
        DecisionFile.Write(folder["decision.json"], decision);
        var read = DecisionFile.Read(folder["decision.json"]);

        Assert.Equal(decision.Candidates, read.Candidates);
        Assert.Equal((decision.Metric, decision.Rung, decision.Epochs), (read.Metric, read.Rung, read.Epochs));
        foreach (var text in (string[])["", "[]", "{}", "null", """{"metric":"m","candidates":[null]}""",
            """{"metric":"m","candidates":[{"name":"a","reason":""},{"name":"a","reason":""}]}"""])
        {
            File.WriteAllText(folder["decision.json"], text);
            var refused = Assert.Throws<InputException>(() => DecisionFile.Read(folder["decision.json"]));
            Assert.Contains("is no decision of a search", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Metrics_are_of_the_last_epoch()
    {
        IReadOnlyList<EpochStatistics> history =
        [
            new(1, 0, 1e-3, 1, 0, 0.5f, 0),
            new(2, 0, 1e-3, 2, 0, 3, 0) { ValidationCrossEntropy = 4 },
        ];
        Assert.Equal([3, 4, 2], SearchMetrics.Names.Select(metric => SearchMetrics.Last(metric, history)!.Value));
        Assert.Null(SearchMetrics.Last("valid.loss", [new(1, 0, 1e-3, 1, 0, float.NaN, 0)]));
        Assert.Null(SearchMetrics.Last("valid.loss", []));
    }
}
