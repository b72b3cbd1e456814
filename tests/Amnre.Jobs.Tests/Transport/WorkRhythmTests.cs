using Amnre.Jobs.Transport;
using Microsoft.Extensions.Time.Testing;

namespace Amnre.Jobs.Tests.Transport;

public sealed class WorkRhythmTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly WorkRhythm _rhythm;

    public WorkRhythmTests() => _rhythm = new WorkRhythm(_clock);

    [Fact]
    public void A_worker_that_has_begun_nothing_waits_for_work() =>
    Assert.Equal((null, TimeSpan.Zero), (_rhythm.UntilBusy, _rhythm.UntilIdle));

    [Fact]
    public void A_worker_is_busy_after_a_second_at_one_delivery()
    {
        _rhythm.Begin();
        Assert.Equal((TimeSpan.FromSeconds(1), null), (_rhythm.UntilBusy, _rhythm.UntilIdle));
        Pass(5000);
        Assert.Equal(TimeSpan.Zero, _rhythm.UntilBusy);
    }

    [Fact]
    public void Short_deliveries_that_follow_each_other_count_as_one()
    {
        for (var i = 0; i < 20; i++)
        {
            _rhythm.Begin();
            Pass(50);
            _rhythm.End();
            Pass(10);
        }

        _rhythm.Begin();
        Assert.Equal(TimeSpan.Zero, _rhythm.UntilBusy);
    }

    [Fact]
    public void Deliveries_with_waits_between_them_do_not()
    {
        for (var i = 0; i < 20; i++)
        {
            _rhythm.Begin();
            Pass(50);
            _rhythm.End();
            Assert.Equal(TimeSpan.FromMilliseconds(50), _rhythm.UntilIdle);
            Pass(60);
            Assert.Equal(TimeSpan.Zero, _rhythm.UntilIdle);
        }

        _rhythm.Begin();
        Assert.Equal(TimeSpan.FromSeconds(1), _rhythm.UntilBusy);
    }

    [Fact]
    public void Who_waits_for_a_turn_hears_of_it()
    {
        var turned = _rhythm.Turned;
        Assert.False(turned.IsCompleted);
        _rhythm.Begin();
        Assert.True(turned.IsCompleted);
        Assert.False(_rhythm.Turned.IsCompleted);
    }

    private void Pass(int milliseconds) => _clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
}
