using System.Security.Cryptography;
using System.Text;
using Amnre.Engine;

namespace Amnre.Scheduler.Hosting;

/// <summary>The secret that opens the pages.</summary>
public sealed class AccessToken
{
    /// <summary>Environment variable that holds the token itself.</summary>
    public const string Variable = "AMNRE_DASHBOARD_TOKEN";

    private const int Shortest = 16;

    private readonly byte[] _digest;

    private AccessToken(string text)
    {
        _digest = SHA256.HashData(Encoding.UTF8.GetBytes(text));
        // What a browser keeps proves knowledge of the token without being it.
        SessionValue = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(text), "amnre dashboard session"u8));
    }

    internal string SessionValue { get; }

    /// <summary>The token from <paramref name="file"/> when given, else from <see cref="Variable"/>; null when neither is there.</summary>
    /// <exception cref="InputException">The file cannot be read, or is readable by others.</exception>
    public static string? Find(string? file)
    {
        if (file is null)
        {
            return Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } text ? text : null;
        }

        try
        {
            // What a container is given as a secret is seen by that container alone, under whatever mode.
            return !file.StartsWith("/run/secrets/", StringComparison.Ordinal) && (File.GetUnixFileMode(file) & (UnixFileMode.GroupRead | UnixFileMode.OtherRead)) != 0
                ? throw new InputException($"token file {file} can be read by others: chmod 600 {file}")
                : File.ReadAllText(file).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"token file {file} cannot be read: {e.Message}", e);
        }
    }

    /// <exception cref="InputException">Too short to keep anybody out.</exception>
    internal static AccessToken? Of(string? text) => text switch
    {
        null => null,
        { Length: < Shortest } => throw new InputException($"the dashboard's token has {text.Length} characters: give it {Shortest} or more, such as the output of 'openssl rand -hex 24'"),
        _ => new AccessToken(text),
    };

    /// <summary>Compares in constant time.</summary>
    internal bool Is(string? presented) =>
        presented is not null && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(presented)), _digest);

    /// <summary>Compares in constant time.</summary>
    internal bool IsSession(string? presented) => presented is not null
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(presented), Encoding.UTF8.GetBytes(SessionValue));
}
