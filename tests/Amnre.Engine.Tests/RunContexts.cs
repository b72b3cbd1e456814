namespace Amnre.Engine.Tests;

/// <summary>Surroundings for runs in tests.</summary>
internal static class RunContexts
{
    public static RunContext Quiet { get; } = new() { Progress = new Progress<RunProgress>(), Clock = TimeProvider.System };

    /// <summary>Asked to drain before the first step.</summary>
    public static RunContext Draining { get; } = Quiet with { Drain = new CancellationToken(canceled: true) };

    /// <summary>Told to stop before the first step.</summary>
    public static RunContext Stopped { get; } = Quiet with { Stop = new CancellationToken(canceled: true) };
}
