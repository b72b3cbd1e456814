using Amnre.Engine;
using Amnre.Worker.Execution;
using Microsoft.Extensions.Time.Testing;

namespace Amnre.Worker.Tests.Execution;

public sealed class PaceTests
{
    [Fact]
    public void Time_left_counts_only_what_this_attempt_has_done()
    {
        var clock = new FakeTimeProvider();
        var pace = new Pace(clock);
        Assert.Null(pace.Report(new RunProgress(90, 100, "steps")).SecondsLeft);
        clock.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(40, pace.Report(new RunProgress(92, 100, "steps")).SecondsLeft);
        Assert.Equal(0, pace.Report(new RunProgress(100, 100, "steps")).SecondsLeft);
        Assert.Null(pace.Report(new RunProgress(100, 0, "steps")).SecondsLeft);
    }
}
