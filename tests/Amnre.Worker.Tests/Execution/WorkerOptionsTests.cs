namespace Amnre.Worker.Tests.Execution;

/// <summary>Options that cannot be are refused where they are made, under their name.</summary>
public sealed class WorkerOptionsTests
{
    [Fact]
    public void Times_and_sizes_must_be_positive()
    {
        var options = new WorkerOptions { ConnectionString = "", StoreRoot = "", Executions = [] };

        Refused(nameof(options.Lease), () => options with { Lease = TimeSpan.Zero });
        Refused(nameof(options.PollInterval), () => options with { PollInterval = TimeSpan.FromSeconds(-1) });
        Refused(nameof(options.MemoryBytes), () => options with { MemoryBytes = 0 });
        Refused(nameof(options.DrainGrace), () => options with { DrainGrace = TimeSpan.FromTicks(-1) });
        Assert.Equal(TimeSpan.Zero, (options with { DrainGrace = TimeSpan.Zero, MemoryBytes = null }).DrainGrace);
    }

    private static void Refused(string option, Func<WorkerOptions> make) =>
        Assert.Equal(option, Assert.Throws<ArgumentOutOfRangeException>(make).ParamName);
}
