using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;
using Amnre.Experiments.Fields;
using Amnre.Experiments.Plans;

namespace Amnre.Experiments.Reading;

/// <summary>Reads <c>observations</c>: measurements in files, which evaluations take as their <c>data</c>.</summary>
internal static class ObservationReader
{
    public static IReadOnlyList<DatasetSection> Read(
        Section top, ISimulator? simulator, DataFiles files, IReadOnlyList<DatasetSection> datasets, ErrorList errors)
    {
        var observations = new List<DatasetSection>();
        var names = datasets.Select(dataset => dataset.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, body) in new Members(top, "observations", errors).Sections())
        {
            var import = files.Observations(body, simulator);
            var reference = DatasetReader.Reference(body, datasets);
            var resources = ResourceReader.Read(body);
            body.RefuseTheRest();
            if (!names.Add(name))
                body.Error("", $"another dataset or observation is called '{name}', whatever the case of its letters, and 'data' " +
                    "could mean either: rename one");
            observations.Add(Section(name, import ?? Unread(simulator), reference) with { Resources = resources });
        }

        return observations;
    }

    /// <summary>What later sections are compared with, where the files have a validation error.</summary>
    private static ImportSettings Unread(ISimulator? simulator) => new()
    {
        Simulator = simulator?.Name ?? "",
        Content = SampleContent.Observations,
        Parts = [],
        First = 0,
        Rows = int.MaxValue,
    };

    private static DatasetSection Section(string name, ImportSettings import, string? reference) => new(name, new()
    {
        Simulator = import.Simulator,
        Seed = 0,
        Rows = import.Rows,
        Moments = reference is not null,
    }, Shards: 0)
    {
        Import = import with { Moments = reference is not null },
        Reference = reference,
    };
}
