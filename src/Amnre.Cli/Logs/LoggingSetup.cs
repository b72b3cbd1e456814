using Amnre.Jobs.Logs;
using Microsoft.Extensions.Logging;
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

    /// <param name="secrets">Never written down, beside those of the environment.</param>
    public static ILoggerFactory Create(string store, string role, IReadOnlyList<string>? secrets = null)
    {
        foreach (var secret in secrets ?? []) KnownSecrets.Keep(secret);
        var file = Path.Combine(store, "logs", $"{role}-{Environment.ProcessId}.log");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var logger = new LoggerConfiguration()
            .MinimumLevel.Information()
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            .MinimumLevel.Override("Hangfire", LogEventLevel.Warning)
            .Enrich.FromLogContext()
            .Enrich.With(new TraceWord())
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
        return new Serilog.Extensions.Logging.SerilogLoggerFactory(logger, dispose: true);
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
