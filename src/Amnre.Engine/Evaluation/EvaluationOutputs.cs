using Amnre.Engine.Histograms;
using Amnre.Engine.Masks;
using Amnre.Engine.Settings;

namespace Amnre.Engine.Evaluation;

/// <summary>Where an evaluation writes.</summary>
public sealed record EvaluationOutputs
{
    /// <summary>Table of results (<c>.csv</c>).</summary>
    public required string Table { get; init; }

    /// <summary>How marginals were sampled (<c>.csv</c>).</summary>
    public required string Sampling { get; init; }

    /// <summary>Means by name (<c>.json</c>); null for none.</summary>
    public string? Summary { get; init; }

    /// <summary>Divergences (<c>.json</c>).</summary>
    public required string Kl { get; init; }

    /// <summary>Classified pairs (<c>.h5</c>).</summary>
    public required string Classification { get; init; }

    /// <summary>Consistency matrix of an observation row.</summary>
    public required Func<int, string> Consistency { get; init; }

    /// <summary>Histogram of an observation row and a mask.</summary>
    public required Func<int, ParameterMask, string> Histogram { get; init; }

    /// <summary>True histogram of an observation row and a mask; null for none.</summary>
    public Func<int, ParameterMask, string>? Truth { get; init; }

    /// <summary>Draws (<c>.h5</c> or <c>.csv</c>).</summary>
    public required string Draws { get; init; }

    /// <summary>Expected coverage (<c>.csv</c>).</summary>
    public required string Coverage { get; init; }

    /// <summary>Tables of diagnostics (<c>.csv</c>): <c>ranks</c>, <c>tarp</c>, <c>diagnostics</c>.</summary>
    public required Func<string, string> Diagnostics { get; init; }

    /// <summary>Comparison with reference draws (<c>.csv</c>).</summary>
    public required string Comparison { get; init; }

    /// <summary>Reference draws made by the likelihood (<c>.h5</c>).</summary>
    public required string Reference { get; init; }

    /// <summary>What shows that they are right (<c>.csv</c>).</summary>
    public required string ReferenceQuality { get; init; }

    /// <summary>Whether the table of results names the parameters of each mask; else its columns are the original's.</summary>
    public bool NamesParameters { get; init; }

    /// <summary>What the names of kept chains on the likelihood begin with, <c>STEM_&lt;row&gt;.pth</c> being the newest of a row; null
    /// keeps none.</summary>
    public string? TruthCache { get; init; }

    /// <summary>The outputs of a job, named in <see cref="EvaluateSettings"/>.</summary>
    public static EvaluationOutputs InDirectory(string directory)
    {
        string Within(string name) => Path.Combine(directory, name);
        return new EvaluationOutputs
        {
            Table = Within("table.csv"),
            NamesParameters = true,
            Sampling = Within("sampling.csv"),
            Summary = Within("summary.json"),
            Kl = Within("kl.json"),
            Classification = Within("roc.h5"),
            Consistency = row => Within($"consistency_{row}.csv"),
            Histogram = (row, mask) => Within(Path.Combine("histograms", HistogramFile.NameOf(row, mask))),
            Draws = Within("draws.h5"),
            Coverage = Within("coverage.csv"),
            Diagnostics = name => Within($"{name}.csv"),
            Comparison = Within("c2st.csv"),
            Reference = Within("reference.h5"),
            ReferenceQuality = Within("reference.csv"),
            Truth = (row, mask) => Within(Path.Combine("truth", HistogramFile.NameOf(row, mask))),
        };
    }

    /// <summary>The outputs of the original's command with <c>-o OUT.csv</c>: <c>OUT.csv</c>, <c>OUT.json</c>, <c>OUT.h5</c>,
    /// <c>OUT_&lt;row&gt;.csv</c>, <c>OUT_&lt;row&gt;_&lt;mask&gt;.pth</c>; beside the observations the kept chains; and, beyond the
    /// original's, <c>OUT_sampling.csv</c>, <c>OUT_draws.h5</c> and tables made of draws.</summary>
    /// <param name="table">OUT.csv; only this last ending is replaced.</param>
    /// <param name="samples">The file of observations.</param>
    public static EvaluationOutputs Beside(string table, string samples)
    {
        var stem = Path.ChangeExtension(table, null);
        return new EvaluationOutputs
        {
            Table = table,
            Sampling = $"{stem}_sampling.csv",
            Kl = $"{stem}.json",
            Classification = $"{stem}.h5",
            Consistency = row => $"{stem}_{row}.csv",
            Histogram = (row, mask) => $"{stem}_{HistogramFile.NameOf(row, mask)}",
            Draws = $"{stem}_draws.h5",
            Coverage = $"{stem}_coverage.csv",
            Diagnostics = name => $"{stem}_{name}.csv",
            Comparison = $"{stem}_c2st.csv",
            Reference = $"{stem}_reference.h5",
            ReferenceQuality = $"{stem}_reference.csv",
            TruthCache = Path.ChangeExtension(samples, null),
        };
    }
}
