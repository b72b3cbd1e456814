using System.Text.Json.Serialization;
using Amnre.Engine.Fields;
using static Amnre.Engine.Fields.ValueRange;

namespace Amnre.Engine.Settings;

/// <summary>Whether an evaluation also gives a verdict on its models, and which checks figures and later jobs depend on.</summary>
/// <remarks>The verdict is measured by a job of its own, and another one requires. So the fingerprint of the evaluation does not depend on
/// them.</remarks>
public sealed record EvaluationVerdict
{
    /// <summary>Judge each model on simulations whose true parameters are known.</summary>
    public bool Verdict { get; init; }

    /// <inheritdoc cref="VerdictSettings.Thresholds"/>
    public IReadOnlyDictionary<VerdictCheck, double> Thresholds { get; init; } = new Dictionary<VerdictCheck, double>();

    /// <summary>Checks that must not fail.</summary>
    public IReadOnlyList<VerdictCheck> Require { get; init; } = [];

    /// <inheritdoc cref="VerdictSettings.Rows"/>
    public int Rows { get; init; } = VerdictRows.Default;

    /// <summary>The dataset to judge by, where the evaluation is of measured observations, which are judged too; null for the
    /// evaluation's own.</summary>
    public string? Data { get; init; }

    /// <summary>Whether there is one: what is required must be measured.</summary>
    [JsonIgnore]
    public bool IsAsked => Verdict || Require.Count > 0;

    /// <summary>Its settings.</summary>
    public static FieldTable<EvaluationVerdict> Fields { get; } = new(new(), FieldPlaces.ExperimentFile)
    {
        {
            "verdict", s => s.Verdict, (s, v) => s with { Verdict = v },
            "Judge each model by simulations with known parameters, as `amnre verdict` does"
        },
        {
            "require", s => s.Require, (s, v) => s with { Require = [.. v.Distinct().Order()] },
            "Checks of the verdict that must not fail, such as `[coverage, ranks]`: else figures and evaluations that read from this one " +
                "do not run; implies `verdict`",
            new() { Form = new ListForm<VerdictCheck>(new ChoiceForm<VerdictCheck>()), DefaultText = "none" }
        },
        {
            "thresholds", s => s.Thresholds, (s, v) => s with { Thresholds = v },
            "Where checks fail, other than by default, such as `{coverage: 0.1}`",
            new() { Form = new ChoiceNumbersForm<VerdictCheck>("coverage: 0.1"), DefaultText = "the defaults" }
        },
        {
            "verdict_rows", s => s.Rows, (s, v) => s with { Rows = v },
            "Rows of the dataset to judge by: more see smaller defects", new() { Range = AtLeast(VerdictRows.Least) }
        },
        {
            "verdict_data", s => s.Data, (s, v) => s with { Data = v },
            "Where `data` is a measured observation: the dataset with known parameters to judge by; the observation is judged too",
            new() { DefaultText = "none" }
        },
    };
}

/// <summary>What is asked of a verdict.</summary>
public sealed record VerdictSettings
{
    /// <summary>The simulator of a job; empty where the model's own settings name it.</summary>
    public string Simulator { get; init; } = "";

    /// <summary>Rows of the dataset that the model is measured on, at least <see cref="VerdictRows.Least"/>; fewer where it has
    /// fewer.</summary>
    public int Rows { get; init; } = VerdictRows.Default;

    /// <summary>Rows [First, Last) of the measured observations that are judged; two zeros for all that are given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int First { get; init; }

    /// <inheritdoc cref="First"/>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Last { get; init; }

    /// <summary>Names the random numbers: the same seed gives the same verdict.</summary>
    public ulong Seed { get; init; }

    /// <summary>Where checks fail, other than by default.</summary>
    public IReadOnlyDictionary<VerdictCheck, double> Thresholds { get; init; } = new Dictionary<VerdictCheck, double>();

    /// <summary>Judge the model and the ensemble's others as one posterior; null to judge the model alone.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Combination? Combine { get; init; }

    /// <summary>CPU threads; 0 for all.</summary>
    public int Threads { get; init; }

    /// <summary><c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</summary>
    public ComputeDevice Device { get; init; } = ComputeDevice.Cpu;

    /// <summary>File of draws known to be right, with the digest of the content that is meant; null for none, or where the job is given
    /// one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public string? Reference { get; init; }
}

/// <summary>Which checks of a verdict must not fail.</summary>
/// <param name="Checks">At least one.</param>
public sealed record RequireSettings(IReadOnlyList<VerdictCheck> Checks);

/// <summary>How many rows a verdict is measured on.</summary>
public static class VerdictRows
{
    /// <summary>Fewer tell nothing of calibration.</summary>
    public const int Least = 64;

    /// <summary>Unless told otherwise: regions that hold 10 % too few of the true values are seen.</summary>
    public const int Default = 512;
}

/// <summary>What a verdict on a posterior looks at. Settings and options spell them in lower case.</summary>
[JsonConverter(typeof(EnumNameJson<VerdictCheck>))]
public enum VerdictCheck
{
    /// <summary>Whether regions of a given credibility hold the truth as often as they say.</summary>
    Coverage,

    /// <summary>Whether the true parameters' ranks among draws are uniform.</summary>
    Ranks,

    /// <summary>Whether draws are as near to reference points as the truth is.</summary>
    Tarp,

    /// <summary>Whether the posterior tells more of the truth than the prior.</summary>
    Information,

    /// <summary>Whether true values lie where the posterior says that they cannot.</summary>
    Tails,

    /// <summary>Whether probabilities add up to 1.</summary>
    Total,

    /// <summary>Whether nested marginals agree with one another.</summary>
    Consistency,

    /// <summary>Whether every density is a number.</summary>
    Finite,

    /// <summary>Whether draws could be made, and what they are worth.</summary>
    Draws,

    /// <summary>Whether the observation is like those of the simulator.</summary>
    Likeness,

    /// <summary>Whether simulations from the posterior look like the observation.</summary>
    Predictive,

    /// <summary>Whether a classifier can tell draws from reference draws.</summary>
    C2st,

    /// <summary>Whether models that were trained alike agree.</summary>
    Ensemble,
}
