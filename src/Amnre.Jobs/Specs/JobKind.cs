namespace Amnre.Jobs.Specs;

/// <summary>What a job does. Its settings record, and so its outputs, follow from the kind.</summary>
public enum JobKind
{
    /// <summary><see cref="Engine.Settings.SampleSettings"/>.</summary>
    Sample,

    /// <summary><see cref="Engine.Settings.GatherSettings"/>.</summary>
    Gather,

    /// <summary><see cref="Engine.Settings.TrainSettings"/>.</summary>
    Train,

    /// <summary><see cref="Engine.Settings.EvaluateSettings"/>.</summary>
    Evaluate,

    /// <summary><see cref="Engine.Settings.PlotSettings"/>.</summary>
    Plot,

    /// <summary><see cref="Engine.Settings.BasisSettings"/>.</summary>
    Basis,

    /// <summary><see cref="Engine.Settings.ImportSettings"/>.</summary>
    Import,

    /// <summary><see cref="Engine.Settings.VerdictSettings"/>.</summary>
    Verdict,

    /// <summary><see cref="Engine.Settings.RequireSettings"/>. It fails where a verdict does, so that what reads from it does not
    /// run.</summary>
    Require,

    /// <summary><see cref="Engine.Settings.TruthSettings"/>.</summary>
    Truth,

    /// <summary><see cref="Engine.Searches.DecideSettings"/>. It says which of the jobs behind it run.</summary>
    Decide,
}

public static class JobKinds
{
    extension(JobKind kind)
    {
        /// <summary>An attempt saves its state as it goes, and the next one resumes it, on any worker: where an allocation ends before
        /// the job does, nothing is lost.</summary>
        public bool Resumes => kind == JobKind.Train;
    }

    /// <summary>Names of jobs that require something of a verdict begin so.</summary>
    private const string Requirement = "require/";

    /// <summary>The job that requires something of a verdict.</summary>
    /// <param name="evaluation">The evaluation's name.</param>
    /// <param name="model">The model's name.</param>
    public static string NameOfRequirement(string evaluation, string model) => $"{Requirement}{evaluation}/{model}";

    /// <summary>Name of the job that decides a rung of a search.</summary>
    public static string NameOfDecision(string search, int rung) => $"decide/{search}/{rung}";

    /// <summary>The search that such a job decides a rung of.</summary>
    public static string SearchOfDecision(string name) => name.Split('/') is [_, var search, ..] ? search : name;

    /// <summary>Whether a job is of kind <see cref="JobKind.Require"/>, by its name.</summary>
    public static bool IsRequirement(string name) => name.StartsWith(Requirement, StringComparison.Ordinal);

    /// <summary>The evaluation that such a job requires something for.</summary>
    public static string EvaluationOfRequirement(string name) => name.Split('/') is [_, var evaluation, ..] ? evaluation : name;

    /// <summary>Those that resume, as the ledger spells them.</summary>
    internal static string[] ThatResume { get; } =
        [.. Enum.GetValues<JobKind>().Where(kind => kind.Resumes).Select(kind => CanonicalJson.Name(kind))];
}
