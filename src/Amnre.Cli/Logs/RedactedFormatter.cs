using Amnre.Jobs.Logs;
using Serilog.Events;
using Serilog.Formatting;

namespace Amnre.Cli.Logs;

/// <summary>Takes secrets out of all that is written: messages, properties and exceptions alike.</summary>
internal sealed class RedactedFormatter(ITextFormatter inner) : ITextFormatter
{
    public void Format(LogEvent logEvent, TextWriter output)
    {
        using var text = new StringWriter();
        inner.Format(logEvent, text);
        output.Write(Redaction.Of(text.ToString()));
    }
}
