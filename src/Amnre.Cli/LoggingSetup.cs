using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Events;

namespace Amnre.Cli;

/// <summary>The one place that knows Serilog: each process writes a log of its own into the store.</summary>
internal static class LoggingSetup
{
    private const long LargestFile = 64 << 20;

    public static ILoggerFactory Create(string store, string role)
    {
        var file = Path.Combine(store, "logs", $"{role}-{Environment.ProcessId}.log");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var logger = new LoggerConfiguration()
            .MinimumLevel.Information()
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            .MinimumLevel.Override("Hangfire", LogEventLevel.Warning)
            .Enrich.FromLogContext()
            .WriteTo.File(
                file,
                outputTemplate: "{Timestamp:yyyy-MM-ddTHH:mm:ss.fffzzz} {Level:u3} {SourceContext}: {Message:lj}{NewLine}{Exception}",
                formatProvider: null,
                fileSizeLimitBytes: LargestFile,
                rollOnFileSizeLimit: true,
                retainedFileCountLimit: 4)
            .CreateLogger();
        return new Serilog.Extensions.Logging.SerilogLoggerFactory(logger, dispose: true);
    }
}
