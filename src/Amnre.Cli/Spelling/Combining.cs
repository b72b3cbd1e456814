using Amnre.Engine;
using Amnre.Engine.Settings;

namespace Amnre.Cli.Spelling;

/// <summary>How the models of <c>--ensemble</c> are one posterior.</summary>
internal static class Combining
{
    public static readonly string Help =
        $"How the models of --ensemble are one posterior: {string.Join(" or ", EnumName.All<Combination>())}, the mean of log ratios or " +
        "of ratios";

    /// <param name="text">What <c>--combine</c> says; null where it is not given.</param>
    /// <param name="others">How many further models there are.</param>
    /// <exception cref="InputException">It is no such way, or there is nothing to combine.</exception>
    public static Combination? Read(string? text, int others)
    {
        if (text is null) return null;
        if (!EnumName.TryParse<Combination>(text, out var combination))
            throw new InputException($"--combine '{text}' is unknown: give one of {string.Join(", ", EnumName.All<Combination>())}");
        Require(combination, others);
        return combination;
    }

    /// <exception cref="InputException">There is nothing to combine.</exception>
    public static void Require(Combination? combination, int others)
    {
        if (combination is { } given && others == 0)
            throw new InputException($"--combine '{EnumName.Of(given)}' has no effect on one model: name others with --ensemble, or " +
                "leave it out");
    }
}
