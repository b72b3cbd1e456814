using Amnre.Cli.Terminal;
using Amnre.Engine;

namespace Amnre.Cli.Tests.Terminal;

public sealed class ProgressLineTests : IDisposable
{
    private readonly StepClock _clock = new();
    private readonly StringWriter _output = new();

    public void Dispose() => _output.Dispose();

    [Fact]
    public void A_terminal_sees_one_line_with_rate_and_time_left()
    {
        using (var line = new ProgressLine(_output, 100, colour: false, "out.h5", _clock)) Report(line, 5);
        var drawn = _output.ToString().Split('\r');

        Assert.Equal("\e[2Kout.h5  ████████████············  50 % of 1000 rows  100 rows/s  0:05 left", drawn[^2]);
        Assert.Equal("\e[2K", drawn[^1]);
        Assert.DoesNotContain('\n', _output.ToString());
    }

    [Fact]
    public void Colours_are_only_for_terminals_that_have_them()
    {
        using var line = new ProgressLine(_output, 100, colour: true, "out.h5", _clock);
        Report(line, 1);

        Assert.Contains("\e[34m", _output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(50)]
    [InlineData(70)]
    public void A_narrow_terminal_is_never_overrun(int width)
    {
        using var line = new ProgressLine(_output, width, colour: false, "a-rather-long-name.h5", _clock);
        Report(line, 6);

        Assert.All(_output.ToString().Split('\r'),
            text => Assert.True(text.Replace("\e[2K", "", StringComparison.Ordinal).Length < width, text));
    }

    [Fact]
    public void A_file_gets_a_plain_line_now_and_then()
    {
        using (var line = new ProgressLine(_output, null, colour: false, "out.h5", _clock)) Report(line, 9);
        Assert.Equal("", _output.ToString());

        using (var line = new ProgressLine(_output, null, colour: false, "out.h5", _clock)) Report(line, 10);
        Assert.Equal($"out.h5: 90 % of 1000 rows  100 rows/s  0:01 left{Environment.NewLine}", _output.ToString());
    }

    /// <summary>A report each second, a hundred rows apart, from 0 on.</summary>
    private void Report(ProgressLine line, int seconds)
    {
        for (var i = 0; i <= seconds; i++)
        {
            if (i > 0) _clock.Advance(TimeSpan.FromSeconds(1));
            line.Report(new RunProgress(Math.Min(100 * i, 900), 1000, "rows"));
        }
    }

    private sealed class StepClock : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public void Advance(TimeSpan time) => _now += time.Ticks;
    }
}
