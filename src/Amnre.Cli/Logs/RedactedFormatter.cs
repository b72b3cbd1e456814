using System.Collections;
using System.Text.Json;
using Amnre.Jobs.Ledger;
using Npgsql;
using Serilog.Events;
using Serilog.Formatting;

namespace Amnre.Cli.Logs;

/// <summary>Takes secrets out of all that is written: messages, properties and exceptions alike.</summary>
/// <param name="secrets">Known to be secret, wherever they appear; beside them whatever looks like one.</param>
internal sealed class RedactedFormatter(ITextFormatter inner, IReadOnlyList<string> secrets) : ITextFormatter
{
    private const int Shortest = 6;
    private static readonly string[] Telling = ["PASSWORD", "TOKEN", "SECRET"];

    private readonly string[] _secrets =
        [.. secrets.Where(secret => secret.Length >= Shortest).SelectMany(secret => new[] { secret, JsonEncodedText.Encode(secret).Value }).Distinct().OrderByDescending(secret => secret.Length)];

    /// <summary>What this process was given to keep: variables that are called so, and the database's password.</summary>
    public static IReadOnlyList<string> OfEnvironment()
    {
        var secrets = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Where(variable => Telling.Any(word => ((string)variable.Key).Contains(word, StringComparison.OrdinalIgnoreCase)) && !((string)variable.Key).EndsWith("_FILE", StringComparison.Ordinal))
            .Select(variable => (string?)variable.Value ?? "").ToList();
        try
        {
            if (new NpgsqlConnectionStringBuilder(Environment.GetEnvironmentVariable("AMNRE_POSTGRES") ?? "").Password is { } password) secrets.Add(password);
        }
        catch (Exception e) when (e is ArgumentException or KeyNotFoundException or FormatException or OverflowException)
        {
            // Not a connection string: whoever uses it says so.
        }

        return secrets;
    }

    public void Format(LogEvent logEvent, TextWriter output)
    {
        using var text = new StringWriter();
        inner.Format(logEvent, text);
        output.Write(_secrets.Aggregate(Redaction.Of(text.ToString()), (said, secret) => said.Replace(secret, "***", StringComparison.Ordinal)));
    }
}
