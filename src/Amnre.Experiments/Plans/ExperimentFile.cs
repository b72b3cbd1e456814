using Amnre.Engine.Settings;
using Amnre.Jobs.Specs;

namespace Amnre.Experiments.Plans;

/// <summary>An experiment as its file states it, checked: every name refers to something that exists.</summary>
public sealed record ExperimentFile
{
    public required string Name { get; init; }

    public required string Simulator { get; init; }

    /// <summary>The file's text, as submitted.</summary>
    public required string Text { get; init; }

    /// <summary>Of its jobs, under way at once; null for no limit.</summary>
    public int? AtMost { get; init; }

    /// <summary>The reduced basis to build for all datasets; null where the simulator has none, or one already.</summary>
    public BasisSection? Basis { get; init; }

    public required IReadOnlyList<DatasetSection> Datasets { get; init; }

    /// <summary>Measured, without parameters.</summary>
    public IReadOnlyList<DatasetSection> Observations { get; init; } = [];

    /// <summary>Files of the user's that datasets and observations are imported from.</summary>
    public IReadOnlyList<LocalFile> Files { get; init; } = [];

    /// <summary>In an order in which each comes after its adversary and its starting weights.</summary>
    public required IReadOnlyList<ModelSection> Models { get; init; }

    public required IReadOnlyList<EvaluationSection> Evaluations { get; init; }

    public required IReadOnlyList<FigureSection> Figures { get; init; }

    /// <summary>Sentences on what is done that the file does not say.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <summary>A reduced basis, built from the simulator's own signals.</summary>
/// <param name="Settings">Goes to the engine as it is.</param>
/// <param name="Resources">Of the job.</param>
public sealed record BasisSection(BasisSettings Settings, JobResources Resources);

/// <summary>Rows of the simulator, drawn in shards of about equal size; or its reference events; or what a user's files hold.</summary>
/// <param name="Name">Also the stem of its file.</param>
/// <param name="Settings">What becomes of the shards; goes to the engine as it is.</param>
/// <param name="Shards">Jobs that draw it side by side; none for events and files.</param>
public sealed record DatasetSection(string Name, GatherSettings Settings, int Shards)
{
    /// <summary>What is imported; null for rows and events of the simulator.</summary>
    public ImportSettings? Import { get; init; }

    /// <summary>Whether the true parameters of its observations may be known.</summary>
    public bool HasTheta => Import is not { Content: SampleContent.Observations };

    /// <summary>Name of the dataset to copy mu and sigma from, if any.</summary>
    public string? Reference { get; init; }

    /// <summary>Whether some rows are those of another dataset of the file: a simulator's rows follow from the seed, and imported ones are
    /// known by the content of their files and their places.</summary>
    public bool SharesRowsWith(DatasetSection other)
    {
        if (Name == other.Name) return true;
        if (Settings.Events || other.Settings.Events) return false;
        if (Import is not { } own || other.Import is not { } theirs)
            return Import is null && other.Import is null && Settings.Seed == other.Settings.Seed;
        return own.Parts.Select(part => part.X).Select(x => (x.File.Sha256, x.Key))
                .SequenceEqual(theirs.Parts.Select(part => part.X).Select(x => (x.File.Sha256, x.Key)))
            && own.First < theirs.First + theirs.Rows && theirs.First < own.First + own.Rows;
    }

    /// <summary>Of each shard, and of putting them together.</summary>
    public JobResources Resources { get; init; } = new();

    /// <summary>Null where the section is one dataset.</summary>
    public MemberOrigin? Origin { get; init; }
}

/// <summary>One training, or an ensemble of trainings.</summary>
/// <param name="Name">Also the stem of its files.</param>
/// <param name="Settings">Goes to the engine as it is.</param>
/// <param name="Samples">Name of the training dataset.</param>
/// <param name="Valid">Name of the validation dataset, if any.</param>
/// <param name="Weights">Name of the model whose weights it starts from, if any.</param>
/// <param name="Adversary">Name of the model that weighs its samples, if any.</param>
public sealed record ModelSection(
    string Name, TrainSettings Settings, string Samples, string? Valid, string? Weights, string? Adversary)
{
    public JobResources Resources { get; init; } = new();

    /// <summary>Null where the section is one training.</summary>
    public MemberOrigin? Origin { get; init; }

    /// <summary>One job trains it and the other replicates of its point.</summary>
    public bool Together { get; init; }

    /// <summary>The trainings that are one model together; empty for a training. Settings and datasets are then those of the
    /// first.</summary>
    public IReadOnlyList<string> Ensemble { get; init; } = [];

    /// <summary>How they are one; null for a training.</summary>
    public Combination? Combine { get; init; }

    /// <summary>The trainings of which it is the best; null for a training of its own. Settings and datasets are then those that all
    /// have in common.</summary>
    public SearchSection? Search { get; init; }
}

/// <summary>One evaluation of each of some models.</summary>
/// <param name="Name">Ends the names of its files.</param>
/// <param name="Settings">Goes to the engine as it is.</param>
/// <param name="Models">Trainings, not groups.</param>
/// <param name="Data">Name of the dataset of observations.</param>
public sealed record EvaluationSection(string Name, EvaluateSettings Settings, IReadOnlyList<string> Models, string Data)
{
    /// <summary>Name of the evaluation above whose draws its draws are compared with; null for none, or for a file.</summary>
    public string? Reference { get; init; }

    /// <summary>The verdict that it asks for, and what is required of it.</summary>
    public EvaluationVerdict Verdict { get; init; } = new();

    /// <summary>Whether the verdict compares draws of all parameters with the reference.</summary>
    public bool VerdictCompares { get; init; }

    public JobResources Resources { get; init; } = new();

    /// <summary>Null where the section is one evaluation.</summary>
    public MemberOrigin? Origin { get; init; }
}

/// <summary>One figure.</summary>
/// <param name="Name">Also the stem of its files.</param>
/// <param name="Settings">Goes to the engine as it is.</param>
/// <param name="Series">What is drawn, one legend entry each; without the truth.</param>
public sealed record FigureSection(string Name, PlotSettings Settings, IReadOnlyList<FigureSeries> Series)
{
    /// <summary>Names of the evaluations that it names: it is drawn only where their verdicts on its models meet what they
    /// require.</summary>
    public IReadOnlyList<string> Evaluations { get; init; } = [];

    /// <summary>Corner: where the true posterior comes from, which is drawn as the first entry; null for none.</summary>
    public FigureSource? Truth { get; init; }

    public JobResources Resources { get; init; } = new();

    /// <summary>Name of the section in the file, which may be several figures.</summary>
    public required string Section { get; init; }
}

/// <summary>What one legend entry is drawn from.</summary>
/// <param name="Sources">Drawn together: replicates.</param>
/// <param name="Histograms">Corner: masks of the histograms to take; empty for all.</param>
public sealed record FigureSeries(IReadOnlyList<FigureSource> Sources, IReadOnlyList<string> Histograms);

/// <summary>A model's training, or where <paramref name="Evaluation"/> is given, its evaluation.</summary>
public sealed record FigureSource(string Model, string? Evaluation);
