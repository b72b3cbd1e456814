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
}

public static class JobKinds
{
    extension(JobKind kind)
    {
        /// <summary>An attempt saves its state as it goes, and the next one resumes it, on any worker: where an allocation ends before
        /// the job does, nothing is lost.</summary>
        public bool Resumes => kind == JobKind.Train;
    }

    /// <summary>Those that resume, as the ledger spells them.</summary>
    internal static string[] ThatResume { get; } =
        [.. Enum.GetValues<JobKind>().Where(kind => kind.Resumes).Select(kind => CanonicalJson.Name(kind))];
}
