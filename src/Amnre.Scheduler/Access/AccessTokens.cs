using Amnre.Engine;
using Amnre.Jobs.Ownership;
using Microsoft.Extensions.Logging;

namespace Amnre.Scheduler.Access;

/// <summary>Which tokens open the pages and the API, and what each allows. Without one nothing is shown to anybody.</summary>
public sealed class AccessTokens
{
    /// <summary>Environment variables that hold a token; with <c>_FILE</c> after them, that name a file which holds it.</summary>
    public const string OperatorVariable = "AMNRE_OPERATOR_TOKEN";

    /// <inheritdoc cref="OperatorVariable"/>
    public const string ViewerVariable = "AMNRE_VIEWER_TOKEN";

    private const string FileSuffix = "_FILE";

    private readonly List<(AccessRole Role, Func<ILogger?, AccessToken> Current)> _tokens = [];
    private readonly TimeProvider _clock;
    private Func<ILogger?, AccessToken>? _own;

    private AccessTokens(TimeProvider clock) => _clock = clock;

    /// <summary>Whether the user gave a token, and so means others to get in.</summary>
    public bool AreGiven { get; private set; }

    /// <summary>Of failures to reread a token.</summary>
    internal ILogger? Logger { get; set; }

    /// <summary>What the user gave, and the store's own token for the operator where the user gave none, which is made when it is not
    /// there.</summary>
    /// <param name="operatorFile">Named on the command line; goes before the environment.</param>
    /// <param name="store">The store's folder, made when it is not there.</param>
    /// <param name="clock">For looking at files now and then.</param>
    /// <exception cref="InputException">A file cannot be read, or is open to others; a token is too short; both roles have the
    /// same.</exception>
    public static AccessTokens Find(string? operatorFile, string store, TimeProvider clock)
    {
        var tokens = Given(operatorFile, clock);
        if (!tokens._tokens.Exists(token => token.Role == AccessRole.Operator))
        {
            var file = StoreToken.FileIn(store);
            SecretFile.Make(file);
            tokens._own = TokenFile.Own(file, clock).Current;
            tokens._tokens.Add((AccessRole.Operator, tokens._own));
        }

        return tokens.Checked();
    }

    /// <summary>Only what the user gave; makes nothing.</summary>
    /// <inheritdoc cref="Find"/>
    public static AccessTokens Given(string? operatorFile, TimeProvider clock)
    {
        var tokens = new AccessTokens(clock);
        if (operatorFile is not null) tokens.AddFile(AccessRole.Operator, operatorFile);
        else tokens.AddVariable(AccessRole.Operator, OperatorVariable);
        tokens.AddVariable(AccessRole.Viewer, ViewerVariable);
        tokens.AreGiven = tokens._tokens.Count > 0;
        return tokens.Checked();
    }

    /// <param name="operatorToken">Null for none.</param>
    /// <param name="viewerToken">Null for none.</param>
    /// <param name="clock">Unused by what is no file.</param>
    /// <exception cref="InputException">A token is too short, or both are the same.</exception>
    public static AccessTokens Of(string? operatorToken, string? viewerToken, TimeProvider clock)
    {
        var tokens = new AccessTokens(clock);
        if (operatorToken is not null) tokens.Add(AccessRole.Operator, operatorToken);
        if (viewerToken is not null) tokens.Add(AccessRole.Viewer, viewerToken);
        tokens.AreGiven = tokens._tokens.Count > 0;
        return tokens.Checked();
    }

    /// <summary>The token that this is, whatever role it is for. Looks at every one whichever fits, so that the time tells
    /// nothing.</summary>
    internal AccessToken? Match(string presented) => First(token => token.Is(presented));

    /// <summary>The one of the greatest role that fits.</summary>
    internal AccessToken? First(Func<AccessToken, bool> fits)
    {
        var (found, role) = ((AccessToken?)null, AccessRole.None);
        foreach (var (opens, current) in _tokens)
            if (current(Logger) is var token && fits(token) && opens > role) (found, role) = (token, opens);
        return found;
    }

    /// <summary>What a token allows now; nothing once another has taken its place.</summary>
    internal AccessRole RoleOf(AccessToken? token) =>
        token is null
        ? AccessRole.None
        : _tokens.Where(one => one.Current(Logger).Is(token)).Select(one => one.Role).DefaultIfEmpty(AccessRole.None).Max();

    internal AccessRole RoleOf(string presented) => RoleOf(Match(presented));

    /// <summary>The token that links are signed with: the operator's, else the viewer's; null where there is none.</summary>
    internal AccessToken? Greatest() => First(_ => true);

    /// <summary>The store's own token, which has enough chance in it for strangers to see what it signs; null where the user gave the
    /// operator's.</summary>
    internal AccessToken? Own() => _own?.Invoke(Logger);

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

    private void AddFile(AccessRole role, string path) => _tokens.Add((role, TokenFile.Named(path, _clock).Current));

    private AccessTokens Checked() => _tokens is [var first, var second] && first.Current(null).Is(second.Current(null))
        ? throw new InputException($"the viewer's token is the operator's: give {ViewerVariable} another one") : this;
}
