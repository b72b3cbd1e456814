using System.Data.Common;
using Amnre.Engine;
using Npgsql;

namespace Amnre.Jobs.Connections;

/// <summary>Connection strings in the forms that people have: Npgsql's (<c>Host=db;Database=amnre</c>), and libpq's two (<c>host=db
/// dbname=amnre</c>,
/// <c>postgresql://user@db/amnre</c>). No message repeats a value: it may be a password, or a part of one.</summary>
public static class ConnectionText
{
    private const string Such =
        "such as 'Host=db;Database=amnre;Username=amnre', 'host=db dbname=amnre user=amnre' or 'postgresql://amnre@db/amnre'";

    private const string Form = "it must be keywords with values, KEYWORD=VALUE, with semicolons between them; a value with a semicolon " +
        "or a quote in it stands in quotes";

    /// <param name="text">What the user wrote.</param>
    /// <param name="name">Where it was written, for messages: <c>AMNRE_POSTGRES</c>.</param>
    /// <exception cref="InputException">It is none of these, or asks for what the ledger cannot work with.</exception>
    public static NpgsqlConnectionStringBuilder Read(string text, string name)
    {
        var builder = LibpqAddress.Parameters(text, name) is { } ofAddress ? LibpqParameters.ToNpgsql(ofAddress, name)
            : LibpqKeywords.Parameters(text) is { } ofKeywords ? LibpqParameters.ToNpgsql(ofKeywords, name)
            : Npgsql(text, name);
        if (builder.Multiplexing)
            throw new InputException($"{name} has 'Multiplexing=true', with which no connection keeps a session, and the ledger's locks " +
                "and hints are a session's: leave it out");
        return builder;
    }

    /// <summary>The password in it; null where there is none, or it cannot be read.</summary>
    internal static string? PasswordIn(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        try
        {
            return Read(text, "").Password;
        }
        catch (InputException)
        {
            return null; // Its user reports that.
        }
    }

    private static NpgsqlConnectionStringBuilder Npgsql(string text, string name)
    {
        try
        {
            var read = new NpgsqlConnectionStringBuilder(text);
            // libpq's form with an error in it is one long host to Npgsql, password and all, and hosts are named in messages.
            return new[] { read.Host, read.Database, read.Username }.Any(value => value?.Contains('=', StringComparison.Ordinal) == true)
                ? throw Unreadable(name, Form) : read;
        }
        catch (Exception unreadable) when (unreadable is ArgumentException or KeyNotFoundException or FormatException or OverflowException)
        {
            throw Unreadable(name, Why(text));
        }
    }

    /// <summary>Without the cause: its message has parts of the text in it.</summary>
    internal static InputException Unreadable(string name, string why) => new($"{name} is not a connection string {Such}: {why}");

    private static string Why(string text)
    {
        try
        {
            var parts = new DbConnectionStringBuilder { ConnectionString = text };
            var whole = new NpgsqlConnectionStringBuilder();
            // What follows a password may be the rest of one that should have been in quotes.
            var mayBeSecret = text.Contains("pass", StringComparison.OrdinalIgnoreCase)
                || text.Contains("pwd", StringComparison.OrdinalIgnoreCase);
            foreach (string keyword in parts.Keys)
            {
                if (!whole.TryGetValue(keyword, out _) && !whole.ContainsKey(keyword))
                    return mayBeSecret ? $"one of its keywords is not known, or {Form}" : $"its keyword '{keyword}' is not known";
            }

            return $"a value is not what its keyword takes; {Form}";
        }
        catch (ArgumentException)
        {
            return Form;
        }
    }
}
