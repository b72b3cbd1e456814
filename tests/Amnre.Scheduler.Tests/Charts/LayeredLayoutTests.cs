using Amnre.Scheduler.Charts;

namespace Amnre.Scheduler.Tests.Charts;

public sealed class LayeredLayoutTests
{
    [Fact]
    public void A_box_is_to_the_right_of_all_it_reads_from()
    {
        var random = new Random(3);
        var boxes = Enumerable.Range(0, 60).Select(i => $"b{i}").ToList();
        var edges = Enumerable.Range(0, 150).Select(_ => (random.Next(60), random.Next(60))).Where(edge => edge.Item1 < edge.Item2)
            .Select(edge => (boxes[edge.Item1], boxes[edge.Item2])).ToList();

        var places = LayeredLayout.Of(boxes, edges);

        Assert.Equal(60, places.Values.Distinct().Count());
        Assert.All(edges, edge => Assert.True(places[edge.Item1].Layer < places[edge.Item2].Layer));
        Assert.Equal(places, LayeredLayout.Of(boxes, edges));
    }

    [Fact]
    public void Rows_follow_their_neighbours_so_that_parallel_chains_do_not_cross()
    {
        var places = LayeredLayout.Of(["a", "b", "c", "c2", "a2", "b2"], [("a", "a2"), ("b", "b2"), ("c", "c2")]);

        Assert.Equal(places["a"].Row, places["a2"].Row);
        Assert.Equal(places["b"].Row, places["b2"].Row);
        Assert.Equal(places["c"].Row, places["c2"].Row);
    }

    [Fact]
    public void The_longest_way_decides_the_layer_and_unknown_edges_are_left_out()
    {
        var places = LayeredLayout.Of(["data", "train", "figure"],
            [("data", "train"), ("train", "figure"), ("data", "figure"), ("ghost", "data")]);

        Assert.Equal([0, 1, 2], [places["data"].Layer, places["train"].Layer, places["figure"].Layer]);
    }

    [Fact]
    public void A_cycle_is_refused() =>
        Assert.Throws<ArgumentException>(() => LayeredLayout.Of(["a", "b"], [("a", "b"), ("b", "a")]));
}
