using Microsoft.Extensions.Logging;

namespace Amnre.Cli.Logs;

/// <summary>The loggers of one process. Nothing is written into the store before <see cref="Admit"/>.</summary>
internal sealed class StoreLogging(ILoggerFactory loggers, HeldSink sink) : ILoggerFactory
{
    /// <summary>The store is the ledger's: its logs may be written.</summary>
    public void Admit() => sink.Admit();

    public ILogger CreateLogger(string categoryName) => loggers.CreateLogger(categoryName);

    public void AddProvider(ILoggerProvider provider) => loggers.AddProvider(provider);

    public void Dispose() => loggers.Dispose();
}
