using Amnre.Scheduler.Dispatch;
using Amnre.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Amnre.Scheduler.Tests.Dispatch;

public sealed class FriendlyPathsTests(TestServer server) : LedgerTest(server)
{
    [Fact]
    public async Task Jobs_that_ended_get_their_names_and_no_others_are_looked_at()
    {
        var id = (await SubmitAsync(Plan("e", "one", "two"))).ExperimentId;
        await RunAsync(id, "one");
        await RunAsync(id, "two");
        var paths = new FriendlyPaths(Files, Store, NullLogger<FriendlyPaths>.Instance);

        await paths.RestoreAsync([(await JobAsync(id, "two")).Id], Cancel);
        Assert.Equal((false, true), (Exists("one"), Exists("two")));

        await paths.RestoreAsync([], Cancel);
        Assert.False(Exists("one"));
    }

    [Fact]
    public async Task Names_that_have_gone_missing_are_made_again_a_stretch_after_the_other()
    {
        var id = (await SubmitAsync(Plan("e", "one", "two", "three"))).ExperimentId;
        await RunAllAsync(id);
        var paths = new FriendlyPaths(Files, Store, NullLogger<FriendlyPaths>.Instance, stretch: 2);

        await paths.RestoreRecentAsync(Cancel);
        Assert.Equal((true, true, false), (Exists("one"), Exists("two"), Exists("three")));
        await paths.RestoreRecentAsync(Cancel);
        Assert.True(Exists("three"));

        File.Delete(Path("one"));
        await paths.RestoreRecentAsync(Cancel);
        Assert.True(Exists("one"));
    }

    private bool Exists(string job) => File.Exists(Path(job));

    private string Path(string job) => Store.Absolute($"e/results/{job}.txt");
}
