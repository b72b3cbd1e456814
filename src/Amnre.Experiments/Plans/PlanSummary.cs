using Amnre.Jobs.Specs;

namespace Amnre.Experiments.Plans;

/// <summary>A plan by the sections of its file, for people: thousands of jobs are a few dozen rows.</summary>
public sealed record PlanSummary
{
    /// <summary>In the order of the file.</summary>
    public required IReadOnlyList<PlanRow> Rows { get; init; }

    /// <summary>Jobs of each kind that occurs.</summary>
    public required IReadOnlyDictionary<JobKind, int> Counts { get; init; }

    /// <summary>Pairs of jobs of which one waits for the other.</summary>
    public required int Edges { get; init; }

    /// <summary>Members that a sweep made, with the values that it set.</summary>
    public required IReadOnlyList<MemberOrigin> Points { get; init; }

    /// <param name="experiment">The file.</param>
    /// <param name="plan">Its plan.</param>
    public static PlanSummary Of(ExperimentFile experiment, ExperimentPlan plan) => Of([experiment], plan);

    /// <param name="parts">The documents of one file.</param>
    /// <param name="plan">Their plan.</param>
    public static PlanSummary Of(IReadOnlyList<ExperimentFile> parts, ExperimentPlan plan)
    {
        var sections = parts.SelectMany(Sections).ToDictionary();
        var owners = plan.Jobs.ToDictionary(job => job.Name, job => Owner(job, sections));
        var rows = plan.Jobs.GroupBy(job => owners[job.Name]).Select(section => new PlanRow(section.Key.Kind, section.Key.Name)
        {
            Jobs = [.. section.Select(job => job.Name)],
            WaitsFor = [.. section.SelectMany(job => job.Inputs).Select(input => owners[input.Job]).Where(owner => owner != section.Key)
                .Select(owner => owner.Name).Distinct()],
            Resources = section.First().Resources,
        });
        return new PlanSummary
        {
            Rows = [.. rows],
            Counts = plan.Jobs.CountBy(job => job.Kind).ToDictionary(),
            Edges = plan.Jobs.Sum(job => job.Inputs.Select(input => input.Job).Distinct().Count()),
            Points = [.. parts.SelectMany(Origins).Where(origin => origin.Values.Count > 0)
                .DistinctBy(origin => (origin.Section, origin.Point))],
        };
    }

    private static IEnumerable<MemberOrigin> Origins(ExperimentFile experiment) =>
        experiment.Datasets.Select(one => one.Origin).Concat(experiment.Models.Select(one => one.Origin))
            .Concat(experiment.Evaluations.Select(one => one.Origin)).OfType<MemberOrigin>();

    /// <summary>The section of each member, by what its jobs' names hold.</summary>
    private static Dictionary<(string Kind, string Member), string> Sections(ExperimentFile experiment)
    {
        var sections = new Dictionary<(string, string), string>();
        if (experiment.Basis is not null) sections[("basis", "reduced")] = "reduced";
        foreach (var one in experiment.Datasets) sections[("dataset", one.Name)] = one.Origin?.Section ?? one.Name;
        foreach (var one in experiment.Observations) sections[("observation", one.Name)] = one.Name;
        foreach (var one in experiment.Models.Where(model => model.Combine is null))
            sections[("model", TrainingJobs.NameOf(one).Split('/')[1])] = one.Origin?.Section ?? one.Name;
        foreach (var one in experiment.Evaluations) sections[("evaluation", one.Name)] = one.Origin?.Section ?? one.Name;
        foreach (var one in experiment.Figures) sections[("figure", one.Name)] = one.Section;
        return sections;
    }

    private static (string Kind, string Name) Owner(JobSpec job, Dictionary<(string Kind, string Member), string> sections)
    {
        var member = job.Name.Split('/')[1];
        var kind = job.Kind switch
        {
            JobKind.Basis => "basis",
            JobKind.Sample or JobKind.Gather => "dataset",
            JobKind.Import => sections.ContainsKey(("observation", member)) ? "observation" : "dataset",
            JobKind.Train or JobKind.Decide => "model",
            JobKind.Evaluate or JobKind.Verdict or JobKind.Require or JobKind.Truth => "evaluation",
            _ => "figure",
        };
        return (kind, sections[(kind, member)]);
    }
}

/// <summary>The jobs of one section.</summary>
/// <param name="Kind"><c>basis</c>, <c>dataset</c>, <c>observation</c>, <c>model</c>, <c>evaluation</c> or <c>figure</c>.</param>
/// <param name="Section">Its name in the file.</param>
public sealed record PlanRow(string Kind, string Section)
{
    public required IReadOnlyList<string> Jobs { get; init; }

    /// <summary>Names of the sections that they read from.</summary>
    public required IReadOnlyList<string> WaitsFor { get; init; }

    /// <summary>Of each of its jobs.</summary>
    public required JobResources Resources { get; init; }
}
