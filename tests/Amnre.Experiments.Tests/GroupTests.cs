using Amnre.Experiments.Plans;
using static Amnre.Experiments.Tests.ShortFiles;

namespace Amnre.Experiments.Tests;

/// <summary>Replicates, and the names that stand for several models.</summary>
public sealed class GroupTests
{
    private const string Two =
        """
        models:
          a: { samples: train, replicates: 2, seed: 10, masks: [=1] }
          b: { samples: train, sweep: { grid: { lr: [1e-3, 1e-4] } }, replicates: 2 }

        """;

    [Fact]
    public void Replicates_differ_by_their_seed_alone()
    {
        var models = Read(Two).Models;

        Assert.Equal(["a-1", "a-2", "b-lr_1e-3-1", "b-lr_1e-3-2", "b-lr_1e-4-1", "b-lr_1e-4-2"], models.Select(model => model.Name));
        Assert.Equal([10ul, 11ul, 0ul, 1ul, 0ul, 1ul], models.Select(model => model.Settings.Seed));
        Assert.Equal(new MemberOrigin("b", "b-lr_1e-3", 2, models[3].Origin!.Values), models[3].Origin);
    }

    [Theory]
    [InlineData("a", "a-1 a-2")]
    [InlineData("a-2", "a-2")]
    [InlineData("b", "b-lr_1e-3-1 b-lr_1e-3-2 b-lr_1e-4-1 b-lr_1e-4-2")]
    [InlineData("b-lr_1e-4", "b-lr_1e-4-1 b-lr_1e-4-2")]
    [InlineData("b-*-4", "b-lr_1e-4-1 b-lr_1e-4-2")]
    [InlineData("'*-1'", "a-1 b-lr_1e-3-1 b-lr_1e-4-1")]
    [InlineData("a-?", "a-1 a-2")]
    [InlineData("[a-1, a]", "a-1 a-2")]
    public void An_evaluation_names_sections_points_members_and_patterns(string models, string members)
    {
        var evaluation = Assert.Single(Read($"{Two}evaluations: {{ e: {{ data: test, models: {models} }} }}").Evaluations);

        Assert.Equal(members.Split(' '), evaluation.Models);
    }

    [Fact]
    public void A_figure_draws_replicates_together_and_points_apart()
    {
        var figure = Assert.Single(Read($"{Two}figures: {{ f: {{ type: loss }} }}").Figures);

        Assert.Equal(["a", "b-lr_1e-3", "b-lr_1e-4"], figure.Settings.Legend);
        Assert.Equal(["a-1", "a-2"], figure.Series[0].Sources.Select(source => source.Model));
        var plot = Plan($"{Two}figures: {{ f: {{ type: loss }} }}").Jobs[^1];
        Assert.Equal(
            ["series:0 train/a-1", "series:0 train/a-2", "series:1 train/b-lr_1e-3-1", "series:1 train/b-lr_1e-3-2",
                "series:2 train/b-lr_1e-4-1", "series:2 train/b-lr_1e-4-2"],
            plot.Inputs.Select(input => $"{input.Role} {input.Job}"));
    }

    [Fact]
    public void Each_makes_a_figure_of_every_entry()
    {
        var figures = Read($"{Two}figures: {{ f: {{ type: loss, models: [b, a-1], legend: [x, y, z], each: true }} }}").Figures;

        Assert.Equal([("f-b-lr_1e-3", "x"), ("f-b-lr_1e-4", "y"), ("f-a-1", "z")],
            figures.Select(figure => (figure.Name, Assert.Single(figure.Settings.Legend))));
    }

    [Fact]
    public void A_figure_takes_each_model_from_the_first_evaluation_that_has_it()
    {
        var figure = Assert.Single(Read(
            Two +
            """
            evaluations:
              one: { data: test, models: a-1, masks: [=1] }
              two: { data: test, models: a, masks: [=1] }
            figures:
              f: { type: error, models: a, evaluation: [one, two] }
            """).Figures);

        Assert.Equal([new FigureSource("a-1", "one"), new FigureSource("a-2", "two")], figure.Series[0].Sources);
    }

    [Fact]
    public void Items_choose_histograms_and_how_they_are_drawn()
    {
        const string Text = Two +
            """
            evaluations:
              e: { data: test, models: a, masks: [=1] }
            figures:
              f:
                type: corner
                evaluation: e
                masks: "11000"
                items:
                  - { models: a, histograms: ["10000", "01000"], marginalize: false, legend: both }
                  - { models: a-2, legend: "", smooth: 2 }
            """;
        var plot = Plan(Text).Jobs[^1];

        Assert.Equal(
            [
                "series:0 evaluate/e/a-1 histograms/0_10000*", "series:0 evaluate/e/a-1 histograms/0_01000*",
                "series:0 evaluate/e/a-2 histograms/0_10000*", "series:0 evaluate/e/a-2 histograms/0_01000*",
                "series:1 evaluate/e/a-2 histograms/0_*",
            ],
            plot.Inputs.Select(input => $"{input.Role} {input.Job} {input.Output}"));
        var settings = Read(Text).Figures[0].Settings;
        Assert.Equal(["both", ""], settings.Legend);
        Assert.Equal([false, true], settings.Marginalize);
        Assert.Equal([0, 2], settings.Smooth);
        AssertError(Errors(Text.Replace("\"01000\"", "\"01100\"", StringComparison.Ordinal)), 17,
            "'01100' is not among the masks of evaluation 'e' (=1)");
    }

    [Theory]
    [InlineData("{ data: test, models: c }", "'c' is no model of this file (known: a, b)")]
    [InlineData("{ data: test, models: 'c-*' }", "'c-*' matches no model of this file (known: a, b)")]
    [InlineData("{ data: test, models: [] }", "'models' is empty")]
    public void Names_that_stand_for_nothing_are_faults(string evaluation, string message) =>
        AssertError(Errors($"{Two}evaluations:\n  e: {evaluation}"), 10, message);

    [Theory]
    [InlineData("a: { samples: train, replicates: 0 }", "replicates 0 is out of range")]
    [InlineData("a: { samples: train, time: 01:00:00 }", "stands below 'resources', such as resources: { time: 03:00:00 }")]
    [InlineData("a: { samples: train, memory: 4G }", "stands below 'resources', such as resources: { memory: 16G }")]
    [InlineData("a: { samples: train, gpus: 1 }", "stands below 'resources', such as resources: { gpus: 1 }")]
    [InlineData("a: { samples: train, repliactes: 2 }", "did you mean 'replicates'?")]
    [InlineData("a: { samples: train, replicates: 2, sweep: { grid: { seed: [0, 1] } } }", "are the same")]
    [InlineData("{ a: { samples: train, replicates: 2 }, a-1: { samples: train } }", "would be called 'a-1'")]
    public void What_is_wrong_with_replicates_is_named(string models, string message) =>
        Assert.Contains(Errors($"models:\n  {models}"), error => error.Line == 7
            && error.Message.Contains(message, StringComparison.Ordinal));
}
