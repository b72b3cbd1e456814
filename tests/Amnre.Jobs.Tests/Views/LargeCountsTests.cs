using Amnre.Jobs.Views;
using Microsoft.Extensions.Time.Testing;

namespace Amnre.Jobs.Tests.Views;

public sealed class LargeCountsTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void What_is_counted_fast_is_counted_each_time()
    {
        var counts = new LargeCounts<int, string>(_clock);
        Assert.Equal("few", counts.Keep(1, "few", 49_999));
        Assert.False(counts.TryGet(1, out _));
    }

    [Fact]
    public void A_large_count_is_kept_for_a_second_for_each_fifty_thousand()
    {
        var counts = new LargeCounts<int, string>(_clock);
        counts.Keep(1, "many", 1_000_000);
        _clock.Advance(TimeSpan.FromSeconds(19));
        Assert.True(counts.TryGet(1, out var kept));
        Assert.Equal("many", kept);
        Assert.False(counts.TryGet(2, out _));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.False(counts.TryGet(1, out _));
    }
}
