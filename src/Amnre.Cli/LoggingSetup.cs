using Amnre.Cli.Logs;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Events;
using Serilog.Formatting.Compact;
using Serilog.Formatting.Display;

namespace Amnre.Cli;

/// <summary>Where Serilog is put together: each process writes a log of its own into the store, and each attempt's lines go into a file of its own too.</summary>
internal static class LoggingSetup
{
    private const long LargestFile = 64 << 20;

    /// <param name="secrets">Never written down; null for those of the environment.</param>
    public static ILoggerFactory Create(string store, string role, IReadOnlyList<string>? secrets = null)
    {
        secrets ??= RedactedFormatter.OfEnvironment();
        var file = Path.Combine(store, "logs", $"{role}-{Environment.ProcessId}.log");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var logger = new LoggerConfiguration()
            .MinimumLevel.Information()
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            .MinimumLevel.Override("Hangfire", LogEventLevel.Warning)
            .Enrich.FromLogContext()
            .WriteTo.File(
                new RedactedFormatter(new MessageTemplateTextFormatter("{Timestamp:yyyy-MM-ddTHH:mm:ss.fffzzz} {Level:u3} {SourceContext}: {Message:lj}{NewLine}{Exception}"), secrets),
                file,
                fileSizeLimitBytes: LargestFile,
                rollOnFileSizeLimit: true,
                retainedFileCountLimit: 4)
            .WriteTo.Sink(new AttemptFiles(store, new RedactedFormatter(new CompactJsonFormatter(), secrets)))
            .CreateLogger();
        return new Serilog.Extensions.Logging.SerilogLoggerFactory(logger, dispose: true);
    }
}
