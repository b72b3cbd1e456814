using System.CommandLine;

namespace Amnre.Cli.Spelling;

/// <summary>An option that the original has not: what is cut short means one of the original's first, as it did there.</summary>
internal interface IOwnOption;

/// <inheritdoc cref="IOwnOption"/>
internal sealed class OwnOption<T>(string name) : Option<T>(name), IOwnOption;
