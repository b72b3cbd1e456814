using Npgsql;

namespace Amnre.Cli.Terminal;

/// <summary>Says what a process that goes on for long waits for, whenever that changes.</summary>
internal sealed class WaitingText(TextWriter output, string connectionString)
{
    private string? _said;

    /// <param name="why">What the last try ended with.</param>
    public void Say(string why)
    {
        if (why == _said) return;
        _said = why;
        var to = new NpgsqlConnectionStringBuilder(connectionString);
        output.WriteLine($"amnre: the database at {to.Host}:{to.Port} cannot be reached ({why}); trying until it can");
    }
}
