using System.Collections;
using System.Collections.Immutable;
using System.Text.Json;
using Amnre.Jobs.Connections;

namespace Amnre.Jobs.Logs;

/// <summary>What this process was given to keep to itself: what is known to be secret is taken out of texts wherever it appears, whatever
/// stands around it.</summary>
public static class KnownSecrets
{
    /// <summary>Shorter ones would be found within ordinary words.</summary>
    private const int Shortest = 6;

    private static readonly string[] Telling = ["PASSWORD", "TOKEN", "SECRET"];
    private static ImmutableList<string> _kept = Sorted(OfEnvironment());

    /// <summary>From now on <paramref name="secret"/> is in nothing that is written down.</summary>
    public static void Keep(string secret)
    {
        if (secret.Length < Shortest || _kept.Contains(secret)) return;
        ImmutableInterlocked.Update(ref _kept, kept => Sorted([.. kept, secret]));
    }

    /// <returns>The text with every secret of this process replaced.</returns>
    internal static string Without(string text, string instead) =>
        _kept.Aggregate(text, (said, secret) => said.Replace(secret, instead, StringComparison.Ordinal));

    /// <summary>Variables that are called so, and the database's password.</summary>
    public static IReadOnlyList<string> OfEnvironment()
    {
        var secrets = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Where(variable => Telling.Any(word => ((string)variable.Key).Contains(word, StringComparison.OrdinalIgnoreCase))
                && !((string)variable.Key).EndsWith("_FILE", StringComparison.Ordinal))
            .Select(variable => (string?)variable.Value ?? "").Where(IsSecret).ToList();
        if (ConnectionText.PasswordIn(Environment.GetEnvironmentVariable("AMNRE_POSTGRES")) is { } password) secrets.Add(password);
        return secrets;
    }

    /// <summary>Numbers of tokens, and where a token is, are called so as well.</summary>
    private static bool IsSecret(string value) => !value.All(char.IsAsciiDigit) && !Path.Exists(value);

    /// <summary>The longest first, so that one within another leaves no rest; also as JSON writes them.</summary>
    private static ImmutableList<string> Sorted(IReadOnlyList<string> secrets) =>
        [.. secrets.Where(secret => secret.Length >= Shortest).SelectMany(secret => new[] { secret, JsonEncodedText.Encode(secret).Value })
            .Distinct().OrderByDescending(secret => secret.Length)];
}
