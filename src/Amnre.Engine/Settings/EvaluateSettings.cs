using System.Text.Json.Serialization;
using Amnre.Engine.Fields;
using static Amnre.Engine.Fields.ValueRange;

namespace Amnre.Engine.Settings;

/// <summary>What to measure of a trained model on observations of a dataset.
/// Outputs: <c>table.csv</c>; <c>consistency_&lt;row&gt;.csv</c>, <c>kl.json</c>, <c>roc.h5</c> when asked for;
/// <c>histograms/&lt;row&gt;_&lt;mask&gt;.pth</c> unless <see cref="Clean"/>; <c>truth/&lt;row&gt;_&lt;mask&gt;.pth</c> with
/// <see cref="Accuracy"/> and not <see cref="Clean"/>; <c>sampling.csv</c> where marginals were sampled; <c>draws.h5</c>,
/// <c>coverage.csv</c>, <c>ranks.csv</c>, <c>tarp.csv</c>, <c>diagnostics.csv</c>, <c>c2st.csv</c> when asked for;
/// <c>summary.json</c> (name to number, for tables of results).</summary>
/// <remarks>Settings that were added later are left out of documents while they have their defaults, so that the fingerprints of
/// evaluations that were done before hold.</remarks>
public sealed record EvaluateSettings
{
    /// <summary>The largest limit of cells with exact distances: beyond it, in several dimensions, they would take minutes.</summary>
    public const int MaxExactCells = 2500;

    /// <summary>Draws of each posterior that <see cref="Diagnostics"/> take unless <see cref="Draws"/> says another number: as many ranks,
    /// with 0, as divide well into bins.</summary>
    public const int DiagnosedDraws = 99;

    /// <summary>Observations that say anything of calibration.</summary>
    public const int FewestDiagnosed = 10;

    /// <summary>Draws of each side that a classifier can learn anything from.</summary>
    public const int FewestCompared = 50;

    public required string Simulator { get; init; }

    public ComputeDevice Device { get; init; } = ComputeDevice.Cpu;

    public ulong Seed { get; init; }

    public int Threads { get; init; } = 1;

    /// <summary>Observation rows [First, Last); equal values skip the per-observation part.</summary>
    public int First { get; init; }

    public int Last { get; init; } = 1;

    public IReadOnlyList<string> Masks { get; init; } = ["=1", "=2"];

    public string? Filter { get; init; }

    /// <summary>Parallel chains, grid batch and test batch.</summary>
    public int BatchSize { get; init; } = 4096;

    public int Steps { get; init; } = 16384;

    public int Burn { get; init; } = 8192;

    /// <summary>Proposal standard deviation as a fraction of each parameter's range.</summary>
    public double Sigma { get; init; } = 0.02;

    public int Bins { get; init; } = 100;

    /// <summary>Above this many cells a marginal is sampled instead of laid on a grid.</summary>
    public double McmcLimit { get; init; } = 1e7;

    /// <summary>Above this many cells no earth mover's distance is computed.</summary>
    public double EmdLimit { get; init; } = 1e4;

    public bool Clean { get; init; }

    /// <summary>Compare with the true posterior where the simulator's likelihood is tractable.</summary>
    public bool Accuracy { get; init; }

    /// <summary>Where the truth comes from: chains are <see cref="BatchSize"/> of <see cref="Steps"/>.</summary>
    public TruthMethod Truth { get; init; }

    public DistanceMethod Emd { get; init; }

    public SamplingMethod Sampling { get; init; }

    /// <summary>Whether masks that the model lacks are counted from samples of all parameters together, where it knows these. Else they
    /// are skipped, and a model that has none of the masks is evaluated on all parameters, as the original does.</summary>
    public bool DeriveMarginals { get; init; } = true;

    public bool Calibration { get; init; }

    public bool Consistency { get; init; }

    public bool Kl { get; init; }

    public bool Classify { get; init; }

    /// <summary>Draws of each posterior to keep; 0 for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Draws { get; init; }

    /// <summary>Tabulate expected coverage against credibility, which takes the percentiles of <see cref="Calibration"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Coverage { get; init; }

    /// <summary>Ranks of the true parameters among draws, and distances to random points.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Diagnostics { get; init; }

    /// <summary>Simulate an observation from each draw of all parameters.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Predictive { get; init; }

    /// <summary>File of draws known to be right, perhaps with the digest of the content that is meant; null for none, or where the job is
    /// given one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public string? Reference { get; init; }

    /// <summary>Values that posteriors are conditioned on, by the parameters' labels or places; null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public IReadOnlyDictionary<string, float>? Given { get; init; }

    /// <summary>How the models of an ensemble are one posterior; null for one model.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Combination? Combine { get; init; }

    /// <summary>Whether the table has percentiles.</summary>
    internal bool HasPercentiles => Calibration || Coverage;

    /// <summary>Whether the true parameters must be known.</summary>
    internal bool NeedsTheta => HasPercentiles || Diagnostics || Kl || Classify;

    /// <summary>Whether marginals are wanted as histograms also where they would have to be sampled, which takes <see cref="Steps"/> of
    /// chains whatever the draws.</summary>
    [JsonIgnore]
    public bool NeedsHistograms => !Clean || !NeedsDraws || Accuracy || HasPercentiles || Consistency;

    /// <summary>Whether anything asked for is made of draws.</summary>
    internal bool NeedsDraws => Draws > 0 || Diagnostics;

    /// <summary>Its settings.</summary>
    public static FieldTable<EvaluateSettings> Fields { get; } = new(
        new() { Simulator = "" }, FieldPlaces.ExperimentFile | FieldPlaces.Command)
    {
        { "simulator", s => s.Simulator, (s, v) => s with { Simulator = v }, "The simulator", new() { Places = FieldPlaces.None } },
        {
            "indices", "First, Last", s => new RowRange(s.First, s.Last), (s, v) => s with { First = v.First, Last = v.Last },
            "Rows `[first, last)` of the observations; two equal numbers for none, where only `kl` or `classify` are wanted",
            new() { Form = RowRange.Form, Check = RowRange.Error }
        },
        {
            "masks", s => s.Masks, (s, v) => s with { Masks = v },
            "Subsets: explicit (`00110`) or all of a size (`=2`); those that the model lacks are left out or derived"
        },
        {
            "filter", s => s.Filter, (s, v) => s with { Filter = v }, "Mask that restricts `=k` to its subsets",
            new() { DefaultText = "none" }
        },
        { "bs", s => s.BatchSize, (s, v) => s with { BatchSize = v }, "Chains, and pairs at once", new() { Range = AtLeast(1) } },
        { "steps", s => s.Steps, (s, v) => s with { Steps = v }, "States of a chain, with those dropped" },
        { "burn", s => s.Burn, (s, v) => s with { Burn = v }, "First states dropped", new() { Range = AtLeast(0) } },
        {
            "sigma", s => s.Sigma, (s, v) => s with { Sigma = v },
            "Deviation of the random walk, as a fraction of the parameters' ranges", new() { Range = Positive }
        },
        { "bins", s => s.Bins, (s, v) => s with { Bins = v }, "Cells in each dimension", new() { Range = AtLeast(2) } },
        {
            "mcmc_limit", s => s.McmcLimit, (s, v) => s with { McmcLimit = v },
            "Marginals of more cells are sampled and kept sparse", new() { Range = AtLeast(0) }
        },
        {
            "emd_limit", s => s.EmdLimit, (s, v) => s with { EmdLimit = v },
            "No earth mover's distance for marginals of more cells", new() { Range = AtLeast(0) }
        },
        { "clean", s => s.Clean, (s, v) => s with { Clean = v }, "Keep no histograms" },
        {
            "accuracy", s => s.Accuracy, (s, v) => s with { Accuracy = v },
            "Compare with the true posterior, where the simulator's likelihood is known"
        },
        { "calibration", s => s.Calibration, (s, v) => s with { Calibration = v }, "Percentile of the true parameters" },
        {
            "consistency", s => s.Consistency, (s, v) => s with { Consistency = v },
            "For each row the distances between what marginals share"
        },
        { "kl", s => s.Kl, (s, v) => s with { Kl = v }, "Over the whole dataset: mean log ratios" },
        {
            "classify", s => s.Classify, (s, v) => s with { Classify = v },
            "Over the whole dataset: scores and weights of joint and marginal pairs"
        },
        {
            "draws", s => s.Draws, (s, v) => s with { Draws = v }, "Draws of each posterior to keep; 0 for none",
            new() { IsOwn = true, Range = AtLeast(0) }
        },
        {
            "coverage", s => s.Coverage, (s, v) => s with { Coverage = v },
            "How often regions of each credibility hold the true parameters; implies `calibration`", new() { IsOwn = true }
        },
        {
            "diagnostics", s => s.Diagnostics, (s, v) => s with { Diagnostics = v },
            $"Ranks (SBC) of the true parameters among `draws` (or {DiagnosedDraws}) draws of each row, and their distances to random " +
                "points (TARP)",
            new() { IsOwn = true }
        },
        {
            "predictive", s => s.Predictive, (s, v) => s with { Predictive = v },
            "Simulate an observation from each of the `draws` of all parameters", new() { IsOwn = true }
        },
        {
            "reference", s => s.Reference, (s, v) => s with { Reference = v },
            "Draws known to be right, `.h5` as `draws` writes them, or `likelihood`, which makes them where the simulator's likelihood " +
                "is known: a classifier tells the `draws` from them (C2ST)",
            new() { IsOwn = true, DefaultText = "none" }
        },
        {
            "given", s => s.Given, (s, v) => s with { Given = v },
            "Values of parameters, such as `{θ₁: 0.5}`, that the posteriors of the others are conditioned on",
            new() { IsOwn = true, Form = GivenForm.Instance, DefaultText = "none" }
        },
        {
            "truth", s => s.Truth, (s, v) => s with { Truth = v },
            "With `accuracy`: `exact` (quadrature for one and two parameters, chains on the likelihood for more) or `chains`",
            new() { IsOwn = true }
        },
        {
            "emd", s => s.Emd, (s, v) => s with { Emd = v },
            "Earth mover's distance: `entropic`, the original's, or `exact` (at most 2500 cells)", new() { IsOwn = true }
        },
        {
            "sampling", s => s.Sampling, (s, v) => s with { Sampling = v },
            "Where the model cannot draw itself: `chains`, or `importance` from the prior's box", new() { IsOwn = true }
        },
        {
            "derive_marginals", s => s.DeriveMarginals, (s, v) => s with { DeriveMarginals = v },
            "Count masks that the model lacks from samples of all parameters together", new() { Places = FieldPlaces.None }
        },
        {
            "combine", s => s.Combine, (s, v) => s with { Combine = v }, CombinationForm.Help,
            new() { IsOwn = true, Form = CombinationForm.Optional, Places = FieldPlaces.Command, DefaultText = "mean" }
        },
        { "seed", s => s.Seed, (s, v) => s with { Seed = v }, "Of chains and draws", new() { IsOwn = true } },
        {
            "device", s => s.Device, (s, v) => s with { Device = v }, "Where the network runs: `cpu`, `cuda` or `cuda:N`",
            new() { IsOwn = true, Form = ComputeDevice.Form, Check = ComputeDevice.Error }
        },
        { "threads", s => s.Threads, (s, v) => s with { Threads = v }, "CPU threads", new() { IsOwn = true, Range = AtLeast(1) } },
    };
}

/// <summary>The files an evaluation reads.</summary>
/// <param name="Model">Trained weights (<c>.pth</c>) with their settings (<c>.json</c>) beside them.</param>
/// <param name="Samples">Dataset of observations.</param>
/// <param name="Reference">Draws to compare with, instead of those that the settings name; null for none.</param>
public sealed record EvaluateInputs(string Model, string Samples, string? Reference = null)
{
    /// <summary>Further models of an ensemble.</summary>
    public IReadOnlyList<string> Others { get; init; } = [];

    /// <summary>Simulations that measured observations are compared with, such as the training dataset; null for none.</summary>
    public string? Simulations { get; init; }
}
