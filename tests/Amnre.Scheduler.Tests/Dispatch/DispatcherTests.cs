using Amnre.Jobs.Ledger;
using Amnre.Scheduler.Dispatch;

namespace Amnre.Scheduler.Tests.Dispatch;

public sealed class DispatcherTests
{
    [Theory]
    [InlineData(0, 0, 2)]
    [InlineData(0, 2, 0)]
    [InlineData(1, 0, 2)]
    [InlineData(8, 3, 13)]
    [InlineData(1, 9, 0)]
    public void The_transport_is_kept_shallow(int slots, int waiting, int room) =>
        Assert.Equal(room, Dispatcher.Room(new QueueLoad("plain", waiting, slots), leastDepth: 2));
}
