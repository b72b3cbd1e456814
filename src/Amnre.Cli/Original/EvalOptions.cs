using System.CommandLine;
using Amnre.Cli.Spelling;
using Amnre.Engine.Settings;

namespace Amnre.Cli.Original;

/// <summary>What <c>amnre eval</c> takes: the arguments and options of the original's eval.py, with its defaults, and ours after
/// them.</summary>
internal sealed class EvalOptions
{
    /// <summary>As the original, the command takes the truth from chains and derives no marginals.</summary>
    public FieldOptions<EvaluateSettings> Fields { get; } = new(
        EvaluateSettings.Fields,
        EvaluateSettings.Fields.Defaults with { Truth = TruthMethod.Chains, Threads = 0, DeriveMarginals = false },
        ("indices", "0 1"), ("masks", "=1 =2; all together for an NRE or NPE"),
        ("emd_limit", $"{EvaluateSettings.Fields.Defaults.EmdLimit}; {EvaluateSettings.MaxExactCells} with --emd exact"),
        ("threads", "0, all"));

    public Argument<string> Network { get; } = new("network")
    {
        Description = "Weights of a trained model, .pth, with its settings (.json) beside it",
    };

    public Argument<string> Samples { get; } = new("samples") { Description = "Observations, .h5" };

    public Option<int> GroupBy { get; } = new("--groupby")
    {
        Description = "Accepted; states are counted as they come",
        DefaultValueFactory = _ => 256,
    };

    public Option<string> Output { get; } = new("--output", "-o")
    {
        Description = "Table to write, .csv; the other files are named after it",
        DefaultValueFactory = _ => "products/results/out.csv",
    };

    public Option<string?> DrawsOutput { get; } = new OwnOption<string?>("--draws-output")
    {
        Description = "File of the draws, .h5 or .csv [default: OUT_draws.h5]",
    };

    public Option<string?> Simulator { get; } = new OwnOption<string?>("--simulator")
    {
        Description = "The simulator, where its manifest has moved since the training [default: the one that the model names, at its " +
            "place of then or beside the model]",
    };

    public Option<string[]> Ensemble { get; } = new OwnOption<string[]>("--ensemble")
    {
        Description = "Further models, .pth, of the same simulator and standardisation, which are one posterior with the first",
        Arity = ArgumentArity.OneOrMore,
    };

    public Option<bool> Json { get; } = new OwnOption<bool>("--json")
    {
        Description = "End with one line of JSON on standard output instead of text",
    };

    public IReadOnlyList<Option> All =>
    [
        .. Fields.Original, GroupBy, Output, .. Fields.Own, DrawsOutput, Ensemble, Simulator, Json,
    ];
}
