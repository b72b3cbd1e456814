using Npgsql;

namespace Amnre.Jobs.Ledger;

/// <summary>Which failures of the database pass by themselves, so that asking again is right.</summary>
public static class DatabaseOutage
{
    /// <summary>The database is out of reach, slow, starting, stopping or overloaded. Not: it refused the request, the password or the
    /// name.</summary>
    public static bool IsTransient(Exception failure) => failure switch
    {
        PostgresException refused => refused.IsTransient || refused.SqlState is PostgresErrorCodes.AdminShutdown
            or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow,
        NpgsqlException or TimeoutException => true,
        LedgerSchemaException { InnerException: { } cause } => IsTransient(cause),
        _ => false,
    };
}
