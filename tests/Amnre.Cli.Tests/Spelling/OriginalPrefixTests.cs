using System.CommandLine;
using Amnre.Cli.Spelling;

namespace Amnre.Cli.Tests.Spelling;

/// <summary>The original's scripts cut options short: whatever was clear there is clear here, and means the same.</summary>
public sealed class OriginalPrefixTests
{
    private static readonly string[] OfSample =
        ["simulator", "live", "seed", "samples", "chunk-size", "batch-size", "reference", "events", "moments", "dump", "output", "o"];

    private static readonly string[] OfTrain =
    [
        "device", "simulator", "samples", "live", "model", "hyper", "embedding", "flow", "arbitrary", "masks", "filter", "weights",
        "criterion", "adversary", "inverse", "epochs", "descents", "bs", "lr", "wd",
        "amsgrad", "scheduler", "patience", "threshold", "factor", "min-lr", "clip", "valid", "output", "o",
    ];

    private static readonly string[] OfEval =
    [
        "indices", "masks", "filter", "bs", "steps", "burn", "groupby", "sigma", "bins", "mcmc-limit", "emd-limit", "clean", "accuracy",
        "calibration", "consistency", "kl", "classify", "output", "o",
    ];

    public static TheoryData<string> Verbs() => ["sample", "train", "eval", "plot"];

    [Theory]
    [MemberData(nameof(Verbs))]
    public void Every_prefix_that_was_clear_to_the_original_means_the_original_s_option(string name)
    {
        var verb = AmnreCommand.Root().Subcommands.Single(command => command.Name == name);
        string[] originals = name switch { "sample" => OfSample, "train" => OfTrain, "eval" => OfEval, _ => ["output", "o", "simulator"] };
        var names = new OptionNames(verb.Options);
        var tried = 0;
        foreach (var original in originals)
        {
            for (var length = 1; length <= original.Length; length++)
            {
                var prefix = original[..length];
                // One name as it is, or the beginning of one name only; '-o' and '--output' are one option. '-h' was for help.
                var meant = originals.Contains(prefix)
                    ? [prefix]
                    : originals.Where(other => other.StartsWith(prefix, StringComparison.Ordinal)).ToArray();
                if (meant.Length != 1 || prefix == "h") continue;
                var (option, error) = names.Find($"-{prefix}");
                // 'eval -emd' is our own option by its whole name, and takes the original's number all the same.
                if (name == "eval" && prefix == "emd") continue;
                Assert.True(error is null && option is not null && Names(option).Contains(meant[0]),
                    $"amnre {name} -{prefix}: {error ?? option!.Name}, not -{meant[0]}");
                tried++;
            }
        }

        Assert.True(tried > originals.Length);
    }

    private static IEnumerable<string> Names(Option option) => option.Aliases.Append(option.Name).Select(word => word.TrimStart('-'));
}
