using System.CommandLine;

namespace Amnre.Cli.Spelling;

/// <summary>An option that may be given several times, and whose values are then all taken. Of other options the last counts, as in the
/// original.</summary>
internal sealed class RepeatedOption : Option<string[]>
{
    public RepeatedOption(string name) : base(name) => Arity = ArgumentArity.OneOrMore;
}
