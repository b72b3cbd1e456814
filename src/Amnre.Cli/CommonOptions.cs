using System.CommandLine;
using Amnre.Engine;
using Npgsql;

namespace Amnre.Cli;

/// <summary>Options that several verbs share, spelt once.</summary>
internal static class CommonOptions
{
    public static Option<string> Store() => new("--store")
    {
        Description = "Folder for datasets, models, results and the database [env AMNRE_STORE]",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("AMNRE_STORE") is { Length: > 0 } store ? store : "store",
    };

    public static Option<string?> Postgres() => new("--postgres")
    {
        Description = "Connection string of an existing PostgreSQL, without its password [env AMNRE_POSTGRES, which may hold one]",
    };

    /// <summary>The server to use: the option, else the environment; null when neither is given.</summary>
    /// <exception cref="InputException">Not a connection string, or a password where every user of the machine can read it.</exception>
    public static string? ConnectionString(string? option)
    {
        var text = option ?? Environment.GetEnvironmentVariable("AMNRE_POSTGRES");
        if (string.IsNullOrWhiteSpace(text)) return null;
        var name = option is null ? "AMNRE_POSTGRES" : "--postgres";
        NpgsqlConnectionStringBuilder builder;
        try
        {
            builder = new NpgsqlConnectionStringBuilder(text);
        }
        catch (ArgumentException unreadable)
        {
            throw new InputException($"{name} is not a connection string such as 'Host=db;Database=amnre;Username=amnre': {unreadable.Message}", unreadable);
        }

        if (option is not null && builder.Password is not null)
            throw new InputException("--postgres holds a password, which everybody on this machine could read in the process list: put it in AMNRE_POSTGRES or in ~/.pgpass.");
        return builder.ConnectionString;
    }
}
