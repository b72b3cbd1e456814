using System.Globalization;
using System.Net;
using Amnre.Engine;
using Amnre.Jobs.Ownership;

namespace Amnre.Scheduler.Access;

/// <summary>The operator's token that a store has of its own, for where the user gives none: one for each user, in a folder of that user
/// alone.</summary>
public sealed class StoreToken
{
    private readonly AccessToken _token;

    private StoreToken(string text) => (Text, _token) = (text, AccessToken.Of(text));

    /// <summary>The secret itself: to be sent to a scheduler that has proved to know it, and nowhere else.</summary>
    public string Text { get; }

    /// <summary>Where the token of this user is in a store.</summary>
    public static string FileIn(string store) =>
        Path.Combine(store, string.Create(CultureInfo.InvariantCulture, $"access-{Owned.Us}"), "operator-token");

    /// <returns>Null where there is no such file.</returns>
    /// <exception cref="InputException">The file is another user's, can be read or changed by others, or holds no token.</exception>
    public static StoreToken? Read(string file)
    {
        if (Owned.Of(file) is null) return null;
        var text = SecretFile.ReadOwn(file);
        try
        {
            return new StoreToken(text);
        }
        catch (InputException none)
        {
            throw new InputException($"{file} holds no token: {none.Message}; or remove it, and another is made", none);
        }
    }

    /// <summary>What a scheduler that has this token answers at an address to a number of the asker's choice. An answer for another
    /// address, passed on by another listener here, does not fit.</summary>
    public string Proof(string nonce, IPAddress address, int port) => ProofOf(_token, nonce, address, port);

    /// <summary>The address that signs a browser in at a scheduler.</summary>
    /// <param name="address">Of its pages.</param>
    /// <param name="scheduler">Its id.</param>
    /// <param name="clock">Links end.</param>
    public string LinkTo(string address, string scheduler, TimeProvider clock) =>
        SignInTickets.Link(address, SignInTickets.New(_token, scheduler, clock));

    internal static string ProofOf(AccessToken token, string nonce, IPAddress address, int port)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : new IPAddress(address.GetAddressBytes());
        return token.Sign($"proof {nonce} {new IPEndPoint(plain, port)}");
    }
}
