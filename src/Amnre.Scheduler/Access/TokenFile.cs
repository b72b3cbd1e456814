using Amnre.Engine;
using Amnre.Jobs.Ownership;
using Microsoft.Extensions.Logging;

namespace Amnre.Scheduler.Access;

/// <summary>A token in a file, which may be given another content at any time: the earlier token then opens nothing any more.</summary>
internal sealed class TokenFile
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly string _path;
    private readonly TimeProvider _clock;
    private readonly Func<string, string> _read;
    private readonly Lock _gate = new();
    private AccessToken _token;
    private long _lookedAt;
    private bool _complained;

    private TokenFile(string path, TimeProvider clock, Func<string, string> read)
    {
        (_path, _clock, _read) = (path, clock, read);
        (_token, _lookedAt) = (AccessToken.Of(read(path)), clock.GetTimestamp());
    }

    /// <summary>One that the user named.</summary>
    /// <exception cref="InputException">The file cannot be read, can be read or changed by others, or holds too short a token.</exception>
    public static TokenFile Named(string path, TimeProvider clock) => new(path, clock, file => SecretFile.Read(file, "token file"));

    /// <summary>The one of a store.</summary>
    /// <exception cref="InputException">The file is another user's, or can be read or changed by others.</exception>
    public static TokenFile Own(string path, TimeProvider clock) => new(path, clock, SecretFile.ReadOwn);

    /// <summary>What the file says now. A file that cannot be read leaves the token as it was, since a replacement is not always made in
    /// one step.</summary>
    public AccessToken Current(ILogger? logger)
    {
        lock (_gate)
        {
            if (_clock.GetElapsedTime(_lookedAt) < LookEvery) return _token;
            _lookedAt = _clock.GetTimestamp();
            try
            {
                var now = AccessToken.Of(_read(_path));
                if (!now.Is(_token)) logger?.LogInformation("{File} holds another token; the earlier one is no longer valid", _path);
                (_token, _complained) = (now, false);
            }
            catch (InputException e)
            {
                if (!_complained) logger?.LogWarning("The token is unchanged: {Message}", e.Message);
                _complained = true;
            }

            return _token;
        }
    }
}
