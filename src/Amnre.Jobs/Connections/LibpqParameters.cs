using System.Globalization;
using Amnre.Engine;
using Npgsql;

namespace Amnre.Jobs.Connections;

/// <summary>libpq's connection parameters as Npgsql calls them. See "Parameter Key Words" in PostgreSQL's documentation.</summary>
internal static class LibpqParameters
{
    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["dbname"] = "Database",
        ["user"] = "Username",
        ["password"] = "Password",
        ["passfile"] = "Passfile",
        ["options"] = "Options",
        ["application_name"] = "Application Name",
        ["sslmode"] = "SSL Mode",
        ["sslcert"] = "SSL Certificate",
        ["sslkey"] = "SSL Key",
        ["sslpassword"] = "SSL Password",
        ["sslrootcert"] = "Root Certificate",
        ["sslnegotiation"] = "SSL Negotiation",
        ["gssencmode"] = "GSS Encryption Mode",
        ["krbsrvname"] = "Kerberos Service Name",
        ["target_session_attrs"] = "Target Session Attributes",
        ["channel_binding"] = "Channel Binding",
        ["require_auth"] = "Require Auth",
        ["connect_timeout"] = "Timeout",
        ["keepalives_idle"] = "TCP Keepalive Time",
        ["keepalives_interval"] = "TCP Keepalive Interval",
    };

    /// <summary>What Npgsql does by itself, or what changes nothing here.</summary>
    private static readonly HashSet<string> Passed = new(StringComparer.Ordinal)
    {
        "client_encoding", "fallback_application_name", "keepalives", "keepalives_count", "tcp_user_timeout", "sslcompression", "sslsni",
        "gssdelegation", "gsslib",
        "ssl_min_protocol_version", "ssl_max_protocol_version", "sslcertmode", "replication", "min_protocol_version",
        "max_protocol_version", "scram_client_key", "scram_server_key",
    };

    /// <summary>What would lead elsewhere than the user thinks if it were ignored.</summary>
    private static readonly HashSet<string> Refused = new(StringComparer.Ordinal) { "service", "servicefile", "sslcrl", "sslcrldir",
        "requirepeer", "requiressl", "load_balance_hosts" };

    public static bool Known(string keyword) =>
        keyword is "host" or "hostaddr" or "port" || Names.ContainsKey(keyword) || Passed.Contains(keyword) || Refused.Contains(keyword);

    public static bool IsNpgsqlToo(string keyword) =>
        keyword is "host" or "port" or "password" or "passfile" or "options" or "sslmode" or "user";

    /// <param name="parameters">The last of a kind counts, as in libpq.</param>
    /// <param name="name">Of the text, for messages.</param>
    /// <exception cref="InputException">One is not understood, or its value is none.</exception>
    public static NpgsqlConnectionStringBuilder ToNpgsql(IReadOnlyList<(string Keyword, string Value)> parameters, string name)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (keyword, value) in parameters) given[keyword] = value;
        var builder = new NpgsqlConnectionStringBuilder { Host = "localhost" };
        Reach(builder, given, name);
        foreach (var (keyword, value) in given)
        {
            if (Refused.Contains(keyword))
                throw ConnectionText.Unreadable(name, $"libpq's '{keyword}' is not understood here: write out what it stands for");
            if (!Names.TryGetValue(keyword, out var meant)) continue;
            try
            {
                builder[meant] = Spelt(keyword, value);
            }
            catch (Exception e)
            when (e is ArgumentException or FormatException or OverflowException or InvalidCastException or KeyNotFoundException
                or NotSupportedException)
            {
                throw ConnectionText.Unreadable(name, $"the value of '{keyword}' is none that it takes");
            }
        }

        return builder;
    }

    /// <summary>Several hosts have one port for all, or each its own.</summary>
    private static void Reach(NpgsqlConnectionStringBuilder builder, Dictionary<string, string> given, string name)
    {
        var hosts = (given.GetValueOrDefault("hostaddr") ?? given.GetValueOrDefault("host") ?? "localhost").Split(',');
        var ports = (given.GetValueOrDefault("port") ?? "").Split(',').Select(text => text.Length == 0 ? 5432
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65536 ? port
            : throw ConnectionText.Unreadable(name, "the value of 'port' is no number from 1 to 65535")).ToList();
        if (ports.Count != 1 && ports.Count != hosts.Length)
            throw ConnectionText.Unreadable(name, $"it names {hosts.Length} hosts and {ports.Count} ports");
        builder.Port = ports[0];
        builder.Host = hosts.Length == 1
            ? hosts[0]
            : string.Join(',',
                hosts.Select((host, i) => string.Create(CultureInfo.InvariantCulture, $"{host}:{ports[ports.Count == 1 ? 0 : i]}")));
    }

    private static object Spelt(string keyword, string value) => keyword switch
    {
        "sslmode" => Enum.Parse<SslMode>(value.Replace("-", "", StringComparison.Ordinal), ignoreCase: true),
        "connect_timeout" or "keepalives_idle" or "keepalives_interval" =>
            int.Parse(value, NumberStyles.None, CultureInfo.InvariantCulture),
        _ => value,
    };
}
