using System.Globalization;
using Amnre.Engine;
using Microsoft.Extensions.Logging;

namespace Amnre.Scheduler.Hosting;

/// <summary>Which tokens open the pages and the API, and what each allows.</summary>
public sealed class AccessTokens
{
    /// <summary>Environment variables that hold a token; with <c>_FILE</c> after them, that name a file which holds it.</summary>
    public const string OperatorVariable = "AMNRE_OPERATOR_TOKEN";

    /// <inheritdoc cref="OperatorVariable"/>
    public const string ViewerVariable = "AMNRE_VIEWER_TOKEN";

    /// <summary>From when there was one token: an operator's.</summary>
    public const string EarlierVariable = "AMNRE_DASHBOARD_TOKEN";

    private const string FileSuffix = "_FILE";
    private static readonly TimeSpan SessionLength = TimeSpan.FromHours(12);

    private readonly List<(AccessRole Role, Func<ILogger?, AccessToken> Current)> _tokens = [];
    private readonly TimeProvider _clock;

    private AccessTokens(TimeProvider clock) => _clock = clock;

    /// <summary>None means that everybody who reaches the address may look; only loopback is served so.</summary>
    public bool Any => _tokens.Count > 0;

    /// <summary>Of failures to read a token anew.</summary>
    internal ILogger? Logger { get; set; }

    /// <param name="operatorFile">Named on the command line; goes before the environment.</param>
    /// <param name="clock">For looking at files now and then, and for the ends of sessions.</param>
    /// <exception cref="InputException">A file cannot be read, or is readable by others; a token is too short; both roles have the same.</exception>
    public static AccessTokens Find(string? operatorFile, TimeProvider clock)
    {
        var tokens = new AccessTokens(clock);
        if (operatorFile is not null) tokens.AddFile(AccessRole.Operator, operatorFile);
        else if (!tokens.AddVariable(AccessRole.Operator, OperatorVariable)) tokens.AddVariable(AccessRole.Operator, EarlierVariable);
        tokens.AddVariable(AccessRole.Viewer, ViewerVariable);
        return tokens.Checked();
    }

    /// <param name="operatorToken">Null for none.</param>
    /// <param name="viewerToken">Null for none.</param>
    /// <exception cref="InputException">A token is too short, or both are the same.</exception>
    public static AccessTokens Of(string? operatorToken, string? viewerToken, TimeProvider clock)
    {
        var tokens = new AccessTokens(clock);
        if (operatorToken is not null) tokens.Add(AccessRole.Operator, operatorToken);
        if (viewerToken is not null) tokens.Add(AccessRole.Viewer, viewerToken);
        return tokens.Checked();
    }

    /// <summary>Looks at every token whichever fits, so that the time tells nothing.</summary>
    internal AccessRole RoleOf(string presented)
    {
        var role = AccessRole.None;
        foreach (var (opens, current) in _tokens)
            if (current(Logger).Is(presented) && opens > role) role = opens;
        return role;
    }

    /// <summary>What a browser keeps: a role and an end, signed with the token that was presented, so that another token ends it too.</summary>
    internal (string Value, DateTimeOffset Ends) NewSession(string presented)
    {
        var ends = _clock.GetUtcNow() + SessionLength;
        foreach (var (role, current) in _tokens)
        {
            if (current(Logger) is var token && !token.Is(presented)) continue;
            var statement = string.Create(CultureInfo.InvariantCulture, $"{role}.{ends.ToUnixTimeSeconds()}");
            return ($"{statement}.{token.Sign(statement)}", ends);
        }

        throw new InvalidOperationException("A session was asked for without a token.");
    }

    internal AccessRole RoleOfSession(string? value)
    {
        if (value?.Split('.') is not [var name, var ends, var signature] || !Enum.TryParse<AccessRole>(name, out var role)
            || !long.TryParse(ends, NumberStyles.None, CultureInfo.InvariantCulture, out var end) || end < _clock.GetUtcNow().ToUnixTimeSeconds())
        {
            return AccessRole.None;
        }

        return _tokens.Exists(token => token.Role == role && token.Current(Logger).Signed($"{name}.{ends}", signature)) ? role : AccessRole.None;
    }

    private bool AddVariable(AccessRole role, string variable)
    {
        if (Environment.GetEnvironmentVariable(variable + FileSuffix) is { Length: > 0 } file) AddFile(role, file);
        else if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text) Add(role, text);
        else return false;
        return true;
    }

    private void Add(AccessRole role, string text)
    {
        var token = AccessToken.Of(text);
        _tokens.Add((role, _ => token));
    }

    private void AddFile(AccessRole role, string path) => _tokens.Add((role, new TokenFile(path, _clock).Current));

    private AccessTokens Checked() => _tokens is [var first, var second] && first.Current(null).Is(second.Current(null))
        ? throw new InputException($"the viewer's token is the operator's: give {ViewerVariable} another one") : this;
}
