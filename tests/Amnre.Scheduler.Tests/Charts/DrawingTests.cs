using System.Xml.Linq;
using Amnre.Jobs.Views;
using Amnre.Scheduler.Charts;
using Amnre.Scheduler.Tests.Markup;

namespace Amnre.Scheduler.Tests.Charts;

public sealed class DrawingTests
{
    private const string Hostile = "</text><script>alert('x')</script>\" onload=\"evil";

    [Fact]
    public async Task Hostile_names_stay_text_in_every_drawing()
    {
        var shape = new GraphShape(
            [new GraphBox("g:a", Hostile, null, new Dictionary<string, int> { ["succeeded"] = 128, ["failed"] = 1 }),
                new GraphBox("j:7", Hostile, 7, new Dictionary<string, int> { ["running"] = 1 })],
            [("g:a", "j:7")], 0);
        var graph = await Rendered.OfAsync<GraphDrawing>(("Shape", shape),
            ("Open", (GraphBox box) => $"/graph?open={Uri.EscapeDataString(box.Key)}"));
        var curves = await Rendered.OfAsync<CurveDrawing>(
            ("Curves", new[] { new Curve(Hostile, Hostile, 0, true, [new Point(0, 1), new Point(1, 2)]) }), ("Log", true),
            ("X", Hostile), ("Y", Hostile));
        var parallel = await ParallelAsync([new ParallelAxis(Hostile, ["a", Hostile]), new ParallelAxis("loss", [1.0, 2.0])],
            Hostile, "two");
        var timeline = await Rendered.OfAsync<TimelineDrawing>(("Now", DateTime.UnixEpoch),
            ("Attempts", new[] { new AttemptSnapshot { Worker = Hostile } }));

        Assert.All([graph, curves, parallel, timeline], drawing =>
        {
            var svg = XElement.Parse(drawing);
            Assert.Equal("svg", svg.Name.LocalName);
            Assert.DoesNotContain(svg.DescendantsAndSelf(), element => element.Name.LocalName == "script"
                || element.Attributes().Any(attribute => attribute.Name.LocalName is "onload" or "style"));
        });
        Assert.Contains("128 succeeded, 1 failed", graph, StringComparison.Ordinal);
        Assert.Contains("href=\"/jobs/7\"", graph, StringComparison.Ordinal);
    }

    [Fact]
    public void A_curve_breaks_at_gaps_and_shows_a_point_alone()
    {
        Point[] points = [new(0, 1), new(1, 2), new(2, double.NaN), new(3, 4), new(4, double.NaN)];

        var path = new CurvePlot(Axis.Of([0, 4]), Axis.Of([1, 4])).Path(points);

        Assert.Equal(2, path.Count(c => c == 'M'));
        Assert.Equal(1, path.Count(c => c == 'L'));
        Assert.Contains("h.01", path, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Runs_without_a_value_pass_over_its_axis()
    {
        var drawing = await ParallelAsync(
            [new ParallelAxis("lr", [0.001, 0.1, null]), new ParallelAxis("net", ["MLP", null, null]),
                new ParallelAxis("loss", [1.0, 2.0, 3.0])],
            "one", "two", "three");

        Assert.Equal(2, drawing.Split("<polyline").Length - 1);
        Assert.DoesNotContain("NaN", drawing, StringComparison.Ordinal);
    }

    private static Task<string> ParallelAsync(IReadOnlyList<ParallelAxis> axes, params string[] titles) =>
        Rendered.OfAsync<ParallelDrawing>(("Axes", axes), ("Titles", titles),
            ("Links", titles.Select((_, i) => $"/jobs/{i + 1}").ToList()));
}
