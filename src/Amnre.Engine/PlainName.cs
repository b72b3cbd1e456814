using System.Text.RegularExpressions;

namespace Amnre.Engine;

/// <summary>Which names may be given to what becomes part of a file's name: experiments and their sections, workers, simulators.</summary>
/// <remarks>First a letter or digit: a dot would hide the file, a dash would make it an option.</remarks>
public static partial class PlainName
{
    /// <summary>For messages, after "use" or "is no name:".</summary>
    public const string Rule = "up to 100 letters, digits, '-', '_' or '.', starting with a letter or digit";

    /// <summary>For messages about <see cref="IsPool"/>.</summary>
    public const string PoolRule = "up to 40 letters, digits, '-' and '_'";

    public static bool Is(string name) => Name().IsMatch(name);

    /// <summary>A pool's name is only a part of a Slurm job's name, after the ledger's: shorter, and without a dot.</summary>
    public static bool IsPool(string name) => Pool().IsMatch(name);

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}\z")]
    private static partial Regex Name();

    [GeneratedRegex(@"^[A-Za-z0-9_-]{1,40}\z")]
    private static partial Regex Pool();
}
