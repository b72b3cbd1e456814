namespace Amnre.Engine.Settings;

/// <summary>What to measure of a trained model on observations of a dataset.
/// Outputs: <c>table.csv</c>; <c>consistency_&lt;row&gt;.csv</c>, <c>kl.json</c>, <c>roc.h5</c> when asked for;
/// <c>histograms/&lt;row&gt;_&lt;mask&gt;.pth</c> unless <see cref="Clean"/>; <c>truth/&lt;row&gt;_&lt;mask&gt;.pth</c> with
/// <see cref="Accuracy"/> and not <see cref="Clean"/>; <c>sampling.csv</c> where marginals were sampled; <c>summary.json</c> (name to
/// number, for tables of results).</summary>
public sealed record EvaluateSettings
{
    /// <summary>The largest limit of cells with exact distances: beyond it, in several dimensions, they would take minutes.</summary>
    public const int MostExactCells = 2500;

    public required string Simulator { get; init; }

    public string Device { get; init; } = "cpu";

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

    /// <summary>Where the truth comes from: <c>exact</c> (quadrature for one and two parameters, chains for more) or <c>chains</c>
    /// (Metropolis–Hastings on the likelihood, <see cref="BatchSize"/> chains of <see cref="Steps"/>, for all).</summary>
    public string Truth { get; init; } = "exact";

    /// <summary>Which earth mover's distance: <c>entropic</c>, the original's, or <c>exact</c>.</summary>
    public string Emd { get; init; } = "entropic";

    /// <summary>How marginals with too many cells are sampled where the model cannot draw: by <c>chains</c>, or by <c>importance</c>
    /// from the prior's box.</summary>
    public string Sampling { get; init; } = "chains";

    /// <summary>Whether masks that the model lacks are counted from samples of all parameters together, where it knows these. Else they
    /// are skipped, and a model that has none of the masks is evaluated on all parameters, as the original does.</summary>
    public bool DeriveMarginals { get; init; } = true;

    public bool Calibration { get; init; }

    public bool Consistency { get; init; }

    public bool Kl { get; init; }

    public bool Classify { get; init; }
}

/// <summary>The files an evaluation reads.</summary>
/// <param name="Model">Trained weights (<c>.pth</c>) with their settings (<c>.json</c>) beside them.</param>
/// <param name="Samples">Dataset of observations.</param>
public sealed record EvaluateInputs(string Model, string Samples);
