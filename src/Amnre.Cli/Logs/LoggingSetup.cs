using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Logs;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting.Compact;
using Serilog.Formatting.Display;

namespace Amnre.Cli.Logs;

/// <summary>Where Serilog is put together: each process writes a log of its own into the store, and each attempt's lines go into a file of
/// its own too.</summary>
internal static class LoggingSetup
{
    private const long LargestFile = 64 << 20;

    /// <param name="store">Its folder. Nothing is written there before <see cref="StoreLogging.Admit"/>.</param>
    /// <param name="role">Part of the log's name.</param>
    /// <param name="secrets">Never written down, beside those of the environment.</param>
    public static StoreLogging Create(string store, string role, IReadOnlyList<string>? secrets = null)
    {
        foreach (var secret in secrets ?? []) KnownSecrets.Keep(secret);
        var file = Path.Combine(store, "logs", $"{role}-{Environment.ProcessId}.log");
        var held = new HeldSink(() => StoreIdentity.IsIn(store), () => Files(store, file));
        var logger = new LoggerConfiguration()
            .MinimumLevel.Information()
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            .MinimumLevel.Override("Hangfire", LogEventLevel.Warning)
            .Enrich.FromLogContext()
            .Enrich.With(new TraceWord())
            .WriteTo.Sink(held)
            .CreateLogger();
        return new StoreLogging(new Serilog.Extensions.Logging.SerilogLoggerFactory(logger, dispose: true), held);
    }

    /// <exception cref="IOException">The store cannot be written.</exception>
    private static Logger Files(string store, string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        return new LoggerConfiguration()
            .MinimumLevel.Verbose()
            .WriteTo.File(
                new RedactedFormatter(
                    new MessageTemplateTextFormatter(
                        "{Timestamp:yyyy-MM-ddTHH:mm:ss.fffzzz} {Level:u3} {SourceContext}: {Message:lj}{Trace:l}{NewLine}{Exception}")),
                file,
                fileSizeLimitBytes: LargestFile,
                rollOnFileSizeLimit: true,
                retainedFileCountLimit: 4)
            .WriteTo.Sink(new AttemptFiles(store, new RedactedFormatter(new CompactJsonFormatter())))
            .CreateLogger();
    }

    /// <summary>Ends lines that belong to a trace with its id; the files of attempts have it as <c>@tr</c>.</summary>
    private sealed class TraceWord : ILogEventEnricher
    {
        public void Enrich(LogEvent logEvent, ILogEventPropertyFactory propertyFactory)
        {
            if (logEvent.TraceId is { } trace)
                logEvent.AddPropertyIfAbsent(new LogEventProperty("Trace", new ScalarValue($" trace={trace.ToHexString()}")));
        }
    }
}
