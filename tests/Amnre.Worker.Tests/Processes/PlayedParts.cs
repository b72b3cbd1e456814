using System.Text.Json;
using Amnre.Jobs.Graph;
using Amnre.Scheduler;
using Amnre.Scheduler.Hosting;
using Amnre.Worker.Hosting;
using Microsoft.Extensions.Logging;

namespace Amnre.Worker.Tests.Processes;

/// <summary>What a test tells a process that it starts; travels in the environment.</summary>
public sealed record Part
{
    public const string Variable = "AMNRE_TEST_PART";

    public required string ConnectionString { get; init; }

    public required string StoreRoot { get; init; }

    public string? WorkerId { get; init; }

    /// <summary>Long enough for a busy machine: who is to lose it says so.</summary>
    public double LeaseSeconds { get; init; } = 16;

    public double GraceSeconds { get; init; } = 60;

    public bool ExitWithStandardInput { get; init; }

    public static Part Mine() => JsonSerializer.Deserialize<Part>(Environment.GetEnvironmentVariable(Variable)!)!;
}

/// <summary>The parts that the test program plays when it is started as something else.</summary>
internal static class PlayedParts
{
    public static async Task<int> WorkerAsync()
    {
        var part = Part.Mine();
        using var loggers = Loggers();
        await WorkerHost.RunAsync(
            new WorkerOptions
            {
                ConnectionString = part.ConnectionString,
                StoreRoot = part.StoreRoot,
                WorkerId = part.WorkerId,
                Executions = [new ScriptedExecution()],
                Lease = TimeSpan.FromSeconds(part.LeaseSeconds),
                DrainGrace = TimeSpan.FromSeconds(part.GraceSeconds),
                ExitWithStandardInput = part.ExitWithStandardInput,
                Loggers = loggers,
            }, CancellationToken.None);
        return 0;
    }

    public static async Task<int> SchedulerAsync()
    {
        var part = Part.Mine();
        using var loggers = Loggers();
        using var stop = new CancellationTokenSource();
        using var onTerm = System.Runtime.InteropServices.PosixSignalRegistration.Create(System.Runtime.InteropServices.PosixSignal.SIGTERM,
            context =>
        {
            context.Cancel = true;
            stop.Cancel();
        });
        await SchedulerHost.RunAsync(
            new SchedulerOptions
            {
                ConnectionString = part.ConnectionString,
                StoreRoot = part.StoreRoot,
                RescueHold = TimeSpan.FromSeconds(2),
                DeliveryTimeout = TimeSpan.FromSeconds(3),
                HeartbeatTimeout = TimeSpan.FromSeconds(8),
                Retry = new RetryPolicy { FirstDelay = TimeSpan.FromMilliseconds(100), PoisonAfter = 3 },
                Loggers = loggers,
            }, stop.Token);
        return 0;
    }

    private static ILoggerFactory Loggers() => new LoggerFactory([new PlainLog()]);

    private sealed class PlainLog : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                Console.Error.WriteLine($"{DateTime.UtcNow:HH:mm:ss.fff} {logLevel} {formatter(state, exception)} " +
                    $"{exception?.GetType().Name} {exception?.Message}");
            }
        }

        public void Dispose() { }
    }
}
