using System.CommandLine;
using System.CommandLine.Completions;

namespace Amnre.Cli.Studies;

/// <summary>The options of every verb that works on what was submitted.</summary>
internal sealed class LedgerOptions
{
    public Option<string> Store { get; } = CommonOptions.Store();

    public Option<string?> Postgres { get; } = CommonOptions.Postgres();

    public Option<string?> Binaries { get; } = new("--postgres-binaries")
    {
        Description = "Folder with initdb, pg_ctl and postgres for the private database",
    };

    public Option<bool> Json { get; } = new("--json") { Description = "Print JSON, for programs" };

    /// <summary>A verb with these options, beside what it has of its own.</summary>
    public Command Verb(string name, string description, params Symbol[] own)
    {
        var verb = new Command(name, description);
        foreach (var symbol in own)
        {
            if (symbol is Argument argument) verb.Arguments.Add(argument);
            else if (symbol is Option option) verb.Options.Add(option);
        }

        foreach (var option in (Option[])[Json, Store, Postgres, Binaries]) verb.Options.Add(option);
        return verb;
    }

    /// <summary>What is to be worked on.</summary>
    public Argument<string> Selection(string name, string description)
    {
        // Without a name for it, help lists what could be completed, and asks the database for that.
        var argument = new Argument<string>(name) { Description = description, HelpName = name };
        argument.CompletionSources.Add(Names);
        return argument;
    }

    public IEnumerable<CompletionItem> Names(CompletionContext context) =>
        KnownNames.Of(context.ParseResult.GetValue(Store), context.WordToComplete).Select(name => new CompletionItem(name));

    /// <param name="create">Make the private database when the store has none yet.</param>
    /// <inheritdoc cref="StudyLedger.OpenAsync"/>
    public Task<StudyLedger> OpenAsync(ParseResult parsed, CancellationToken stop, bool create = false) => StudyLedger.OpenAsync(
        CommonOptions.StoreFolder(parsed.GetRequiredValue(Store)), CommonOptions.ConnectionString(parsed.GetValue(Postgres)),
        parsed.GetValue(Binaries), create, stop);

    /// <summary>By way of the API where <see cref="RemoteStudy.UrlVariable"/> names one and the command line names no store or
    /// database.</summary>
    /// <inheritdoc cref="OpenAsync"/>
    public async Task<IStudy> ReachAsync(ParseResult parsed, CancellationToken stop, bool create = false) =>
        IsGiven(parsed, Store) || IsGiven(parsed, Postgres)
        || await RemoteStudy.FromEnvironmentAsync(parsed.GetRequiredValue(Store), stop) is not { } remote
        ? await OpenAsync(parsed, stop, create) : remote;

    private static bool IsGiven(ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };
}
