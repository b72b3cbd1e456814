using System.Security.Cryptography;
using System.Text;
using Amnre.Engine;
using Amnre.Jobs.Logs;

namespace Amnre.Scheduler.Access;

/// <summary>One secret that opens the pages and the API.</summary>
internal sealed class AccessToken
{
    private const int Shortest = 16;

    private readonly byte[] _text;
    private readonly byte[] _digest;

    private AccessToken(string text) => (_text, _digest) = (Encoding.UTF8.GetBytes(text), SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <exception cref="InputException">Too short to keep anybody out.</exception>
    public static AccessToken Of(string text)
    {
        if (text.Length < Shortest)
            throw new InputException($"an access token has {text.Length} characters: give it {Shortest} or more, such as the output of " +
                "'openssl rand -hex 24'");
        KnownSecrets.Keep(text);
        return new AccessToken(text);
    }

    /// <summary>Compares in constant time.</summary>
    public bool Is(string presented) =>
        CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(presented)), _digest);

    /// <summary>Compares in constant time.</summary>
    public bool Is(AccessToken other) => CryptographicOperations.FixedTimeEquals(other._digest, _digest);

    /// <summary>Proves knowledge of the token without being it. Statements of each kind begin with a word of their own, so that none stands
    /// for another.</summary>
    public string Sign(string statement) => Convert.ToHexStringLower(HMACSHA256.HashData(_text, Encoding.UTF8.GetBytes(statement)));
}
