using Amnre.Engine;
using Microsoft.Extensions.Logging;

namespace Amnre.Scheduler.Hosting;

/// <summary>A token in a file, which may be given another content at any time: the earlier token then opens nothing any more.</summary>
internal sealed class TokenFile
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly string _path;
    private readonly TimeProvider _clock;
    private readonly Lock _gate = new();
    private AccessToken _token;
    private long _lookedAt;
    private bool _complained;

    /// <exception cref="InputException">The file cannot be read, can be read by others, or holds too short a token.</exception>
    public TokenFile(string path, TimeProvider clock)
    {
        (_path, _clock) = (path, clock);
        (_token, _lookedAt) = (AccessToken.Of(Read(path)), clock.GetTimestamp());
    }

    /// <summary>What the file says now. A file that cannot be read leaves the token as it was, since a replacement is not always made in one step.</summary>
    public AccessToken Current(ILogger? logger)
    {
        lock (_gate)
        {
            if (_clock.GetElapsedTime(_lookedAt) < LookEvery) return _token;
            _lookedAt = _clock.GetTimestamp();
            try
            {
                var now = AccessToken.Of(Read(_path));
                if (!now.Is(_token)) logger?.LogInformation("{File} holds another token; the earlier one opens nothing any more", _path);
                (_token, _complained) = (now, false);
            }
            catch (InputException e)
            {
                if (!_complained) logger?.LogWarning("The token stays as it was: {Message}", e.Message);
                _complained = true;
            }

            return _token;
        }
    }

    private static string Read(string file)
    {
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
}
