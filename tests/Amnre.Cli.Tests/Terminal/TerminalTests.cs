using Amnre.Cli.Terminal;
using Amnre.Jobs.Specs;
using Amnre.Testing;

namespace Amnre.Cli.Tests.Terminal;

public sealed class TerminalTests
{
    [Theory]
    [InlineData(7, "0:07")]
    [InlineData(750, "12:30")]
    [InlineData(11_100, "3:05:00")]
    public void Times_read_as_people_write_them(int seconds, string text) =>
        Assert.Equal(text, Durations.Text(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void A_rate_settles_on_what_is_seen_and_ignores_what_was_done_before()
    {
        var clock = TimeProvider.System;
        var second = clock.TimestampFrequency;
        var rate = new RateEstimate();

        rate.See(1000, 0, clock);
        Assert.Null(rate.PerSecond);
        for (var t = 1; t <= 60; t++) rate.See(1000 + 20 * t, t * second, clock);

        Assert.Equal(20, rate.PerSecond!.Value, 1e-6);
    }

    [Fact]
    public void A_rate_starts_again_when_an_attempt_does()
    {
        var clock = TimeProvider.System;
        var rate = new RateEstimate();
        rate.See(100, 0, clock);
        rate.See(200, clock.TimestampFrequency, clock);

        rate.See(0, 2 * clock.TimestampFrequency, clock);
        rate.See(100, 3 * clock.TimestampFrequency, clock);

        Assert.Equal(100, rate.PerSecond!.Value, 1e-6);
    }

    [Theory]
    [InlineData(0, "························")]
    [InlineData(0.5, "████████████············")]
    [InlineData(1, "████████████████████████")]
    [InlineData(7, "████████████████████████")]
    public void A_bar_fills_from_the_left(double fraction, string bar) => Assert.Equal(bar, ProgressText.Bar(fraction));

    /// <summary>README.md shows a run as the live view draws it.</summary>
    [Fact]
    public void The_run_that_the_documents_show_is_drawn_so()
    {
        var lines = File.ReadAllText(Path.Combine(Repository.Root, "README.md")).Split("```\nquickstart\n")[1].Split("```")[0]
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith($"{ProgressText.Bar(11 / 21.0)} 11/21 jobs  {Durations.Text(TimeSpan.FromSeconds(52))}  ", lines[0],
            StringComparison.Ordinal);

        var progress = new ReportedProgress(0.5955 * 8192, 8192, "steps",
            new Dictionary<string, double> { ["epoch"] = 10, ["loss"] = 0.5614, ["v_loss"] = 0.5437 }, 33);
        Assert.Equal($"train/slcp-amnre  {ProgressText.Bar(0.5955)}  {ProgressText.Line(progress, 117)}", lines[1]);
    }

    [Fact]
    public void A_line_says_how_far_how_fast_and_how_long()
    {
        var progress = new ReportedProgress(1500, 3000, "steps",
            new Dictionary<string, double> { ["v_loss"] = 0.71234, ["epoch"] = 12, ["other"] = 1 }, 20);

        Assert.Equal("50 % of 3000 steps  75 steps/s  0:20 left  epoch 12  v_loss 0.7123", ProgressText.Line(progress, 75));
    }
}
