using Npgsql;

namespace Amnre.Cli.Terminal;

/// <summary>Says what a long-lived process waits for: each cause once, since causes may take turns.</summary>
internal sealed class WaitingText(TextWriter output, string connectionString)
{
    /// <summary>How Npgsql begins to tell of it.</summary>
    private const string BrokenOff = "Exception while";

    private readonly HashSet<string> _said = [];

    /// <param name="why">What the last try ended with.</param>
    public void Say(string why)
    {
        // A connection that is broken off ends in the middle of reading or of writing, as it happens.
        if (why.StartsWith(BrokenOff, StringComparison.Ordinal)) why = "the connection is broken off at once";
        if (!_said.Add(why)) return;
        var to = new NpgsqlConnectionStringBuilder(connectionString);
        output.WriteLine($"amnre: the database at {to.Host}:{to.Port} cannot be reached ({why}); retrying until it can");
    }
}
