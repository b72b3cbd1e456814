using System.CommandLine;
using Amnre.Cli.Spelling;
using Amnre.Engine.Draws;
using Amnre.Engine.Settings;

namespace Amnre.Cli.Original;

/// <summary>What <c>amnre eval</c> takes: the arguments and options of the original's eval.py, with its defaults, and ours after
/// them.</summary>
internal sealed class EvalOptions
{
    private static readonly EvaluateSettings Usual = new() { Simulator = "SLCP" };

    public Argument<string> Network { get; } = new("network")
    {
        Description = "Weights of a trained model, .pth, with its settings (.json) beside it",
    };

    public Argument<string> Samples { get; } = new("samples") { Description = "Observations, .h5" };

    public Option<int[]> Indices { get; } = new("--indices")
    {
        Description = "First row and the one after the last; 0 0 for none, when only --kl or --classify are wanted [default: 0 1]",
        Arity = new ArgumentArity(2, 2),
    };

    public Option<string[]> Masks { get; } = new("--masks")
    {
        Description = "Subsets of the parameters, such as 11000 or =2 for all pairs; those that the model lacks are left out [default: " +
            "=1 =2; all together for an NRE or NPE]",
        Arity = ArgumentArity.OneOrMore,
    };

    public Option<string?> Filter { get; } = new("--filter") { Description = "Mask that restricts '=k' to its subsets" };

    public Option<int> BatchSize { get; } = new("--bs")
    {
        Description = "Parallel chains, and pairs at once",
        DefaultValueFactory = _ => Usual.BatchSize,
    };

    public Option<int> Steps { get; } = new("--steps")
    {
        Description = "States of a chain, with those dropped",
        DefaultValueFactory = _ => Usual.Steps,
    };

    public Option<int> Burn { get; } = new("--burn") { Description = "First states dropped", DefaultValueFactory = _ => Usual.Burn };

    public Option<int> GroupBy { get; } = new("--groupby")
    {
        Description = "Accepted; states are counted as they come",
        DefaultValueFactory = _ => 256,
    };

    public Option<double> Sigma { get; } = new("--sigma")
    {
        Description = "Width of a chain's steps, as a fraction of the parameters' ranges",
        DefaultValueFactory = _ => Usual.Sigma,
    };

    public Option<int> Bins { get; } = new("--bins") { Description = "Cells per parameter", DefaultValueFactory = _ => Usual.Bins };

    public Option<double> McmcLimit { get; } = new("--mcmc-limit")
    {
        Description = "With more cells a marginal is sampled instead of laid on a grid",
        DefaultValueFactory = _ => Usual.McmcLimit,
    };

    public Option<double?> EmdLimit { get; } = new("--emd-limit")
    {
        Description = $"With more cells no earth mover's distance is computed [default: {Usual.EmdLimit}; " +
            $"{EvaluateSettings.MostExactCells} with --emd exact]",
    };

    public Option<bool> Clean { get; } = new("--clean") { Description = "Write no histograms" };

    public Option<bool> Accuracy { get; } = new("--accuracy") { Description = "Compare with the true posterior, where it is known (SLCP)" };

    public Option<bool> Calibration { get; } = new("--calibration") { Description = "Add the percentile of the true parameters" };

    public Option<bool> Consistency { get; } = new("--consistency")
    {
        Description = "Write the distances between marginals of what they share, a matrix for each row",
    };

    public Option<bool> Kl { get; } = new("--kl")
    {
        Description = "Divergence of joint and product of marginals over all rows, into OUT.json",
    };

    public Option<bool> Classify { get; } = new("--classify")
    {
        Description = "Classify joint and independent pairs of all rows, into OUT.h5",
    };

    public Option<string> Output { get; } = new("--output", "-o")
    {
        Description = "Table to write, .csv; the other files are named after it",
        DefaultValueFactory = _ => "products/results/out.csv",
    };

    public Option<string> Truth { get; } = new OwnOption<string>("--truth")
    {
        Description = "With --accuracy: chains on the likelihood, kept beside the samples as by the original, or exact (quadrature for " +
            "one and two parameters: quicker, without noise)",
        DefaultValueFactory = _ => "chains",
    };

    public Option<string> Emd { get; } = new OwnOption<string>("--emd")
    {
        Description = "Earth mover's distance: entropic, the original's, or exact",
        DefaultValueFactory = _ => Usual.Emd,
    };

    public Option<string> Sampling { get; } = new OwnOption<string>("--sampling")
    {
        Description = "How a ratio's posterior is sampled: chains or importance",
        DefaultValueFactory = _ => Usual.Sampling,
    };

    public Option<int> Draws { get; } = new OwnOption<int>("--draws")
    {
        Description = "Write so many draws of each posterior",
        DefaultValueFactory = _ => 0,
    };

    public Option<string?> DrawsOutput { get; } = new OwnOption<string?>("--draws-output")
    {
        Description = "Their file, .h5 or .csv [default: OUT_draws.h5]",
    };

    public Option<bool> Predictive { get; } = new OwnOption<bool>("--predictive")
    {
        Description = "With --draws of all parameters into .h5: simulate an observation from each, as dataset 'predictive' beside them",
    };

    public Option<string?> Reference { get; } = new OwnOption<string?>("--reference")
    {
        Description =
            $"Draws known to be right, .h5 as --draws writes them: a classifier tells --draws from them (C2ST), into OUT_c2st.csv",
    };

    public Option<bool> Coverage { get; } = new OwnOption<bool>("--coverage")
    {
        Description = "Expected coverage by credibility, into OUT_coverage.csv; implies --calibration",
    };

    public Option<bool> Diagnostics { get; } = new OwnOption<bool>("--diagnostics")
    {
        Description = "Ranks (SBC) and distances to random points (TARP) of the true parameters among --draws or " +
            $"{PosteriorDraws.UsualCount} draws of each row",
    };

    public Option<ulong> Seed { get; } = new OwnOption<ulong>("--seed")
    {
        Description = "Names the chains and draws: the same seed gives the same files",
        DefaultValueFactory = _ => 0,
    };

    public Option<string> Device { get; } = new OwnOption<string>("--device")
    {
        Description = "Where the network runs: cpu, cuda or cuda:N",
        DefaultValueFactory = _ => Usual.Device,
    };

    public Option<int> Threads { get; } = new OwnOption<int>("--threads")
    {
        Description = "CPU threads, 0 for all",
        DefaultValueFactory = _ => 0,
    };

    public Option<bool> Json { get; } = new OwnOption<bool>("--json")
    {
        Description = "End with one line of JSON on standard output instead of text",
    };

    public IReadOnlyList<Option> All =>
    [
        Indices, Masks, Filter, BatchSize, Steps, Burn, GroupBy, Sigma, Bins, McmcLimit, EmdLimit, Clean, Accuracy, Calibration,
        Consistency, Kl,
        Classify, Output, Truth, Emd, Sampling, Draws, DrawsOutput, Predictive, Reference, Coverage, Diagnostics, Seed, Device, Threads,
        Json,
    ];
}
