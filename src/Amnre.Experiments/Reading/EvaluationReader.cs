using Amnre.Engine.Evaluation;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;
using Amnre.Experiments.Fields;
using Amnre.Experiments.Plans;
using Amnre.Jobs.Specs;

namespace Amnre.Experiments.Reading;

internal static class EvaluationReader
{
    public static IReadOnlyList<EvaluationSection> Read(
        Section top, ISimulator? simulator, IReadOnlyList<DatasetSection> datasets, ModelGroups models, FaultList faults)
    {
        var reader = new Members(top, "evaluations", faults);
        var evaluations = new List<EvaluationSection>();
        var known = datasets.ToDictionary(dataset => dataset.Name, StringComparer.Ordinal);
        var moments = new MomentChecks(datasets);
        foreach (var (name, body) in reader.Sections())
        {
            var members = reader.Expand(name, body,
                replicated: false).Members.Select(member => Evaluation(member, simulator, known, models, moments)).ToList();
            Members.CheckDuplicates(body,
                members.Select(member => (member.Name, CanonicalJson.Write(member with { Name = "", Origin = null, Resources = new() }))));
            evaluations.AddRange(members);
        }

        return evaluations;
    }

    private static EvaluationSection Evaluation(
        Member member, ISimulator? simulator, Dictionary<string, DatasetSection> datasets, ModelGroups models, MomentChecks moments)
    {
        var body = member.Body;
        var which = (models.Read(body, "models") ?? models.All).SelectMany(series => series.Members).Distinct().ToList();
        var data = body.Reference("data", "dataset", datasets.Keys, required: true) ?? "";
        var settings = Settings(body, simulator?.Name ?? "");
        var resources = ResourceReader.Read(body);
        body.RefuseTheRest();
        if (simulator is not null) body.Faults(EvaluateSettingsFaults.Of(settings, simulator));
        var rows = datasets.GetValueOrDefault(data)?.Rows;
        if (rows < settings.Last)
            body.Fault("indices",
                $"indices end at row {settings.Last}, but dataset '{data}' has {rows} rows: end at {rows} or draw more rows");
        var apart = which.Find(model => models.Member(model) is { } trained && moments.AreApart(data, trained.Samples));
        if (apart is not null)
            body.Fault("data", moments.Fault(data, models.Member(apart)!.Samples, $"the training data of model '{apart}'")!);
        return new EvaluationSection(member.Name, settings, which, data) { Resources = resources, Origin = member.Group };
    }

    private static EvaluateSettings Settings(Section body, string simulator)
    {
        var usual = new EvaluateSettings { Simulator = simulator };
        var (first, last) = Indices(body, usual);
        return usual with
        {
            Device = body.Text("device") ?? usual.Device,
            Seed = body.Seed("seed", usual.Seed),
            Threads = body.SmallInteger("threads", usual.Threads),
            First = first,
            Last = last,
            Masks = body.Texts("masks") ?? usual.Masks,
            Filter = body.Text("filter"),
            BatchSize = body.SmallInteger("bs", usual.BatchSize),
            Steps = body.SmallInteger("steps", usual.Steps),
            Burn = body.SmallInteger("burn", usual.Burn),
            Sigma = body.Real("sigma", usual.Sigma),
            Bins = body.SmallInteger("bins", usual.Bins),
            McmcLimit = body.Real("mcmc_limit", usual.McmcLimit),
            EmdLimit = body.Real("emd_limit", usual.EmdLimit),
            Clean = body.Flag("clean", usual.Clean),
            Accuracy = body.Flag("accuracy", usual.Accuracy),
            Truth = body.Text("truth") ?? usual.Truth,
            Emd = body.Text("emd") ?? usual.Emd,
            Sampling = body.Text("sampling") ?? usual.Sampling,
            Calibration = body.Flag("calibration", usual.Calibration),
            Consistency = body.Flag("consistency", usual.Consistency),
            Kl = body.Flag("kl", usual.Kl),
            Classify = body.Flag("classify", usual.Classify),
        };
    }

    private static (int First, int Last) Indices(Section body, EvaluateSettings usual)
    {
        if (body.Texts("indices") is not { } texts) return (usual.First, usual.Last);
        if (texts is [var a, var b] && int.TryParse(a, out var first) && int.TryParse(b, out var last)) return (first, last);
        body.Fault("indices", $"indices [{string.Join(", ", texts)}] must be two whole numbers [first, last): rows first to last - 1");
        return (usual.First, usual.Last);
    }
}
