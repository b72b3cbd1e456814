using Amnre.Engine;
using Amnre.Engine.Datasets;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;
using Amnre.Experiments.Fields;
using Amnre.Experiments.Plans;
using Amnre.Jobs.Specs;

namespace Amnre.Experiments.Reading;

internal static class DatasetReader
{
    /// <summary>Rows in a shard unless the file says how many shards it wants.</summary>
    private const long RowsPerShard = 1 << 18;

    private const int MaxShards = 10_000;

    public static IReadOnlyList<DatasetSection> Read(Section top, ISimulator? simulator, FaultList faults)
    {
        var datasets = new OrderedDictionary<string, DatasetSection>(StringComparer.Ordinal);
        var reader = new Members(top, "datasets", faults);
        foreach (var (name, body) in reader.Sections())
        {
            var members = reader.Expand(name, body, replicated: false).Members.Select(member => Dataset(member, simulator, datasets))
                .ToList();
            Members.CheckDuplicates(body,
                members.Select(member => (member.Name, CanonicalJson.Write(member with { Name = "", Origin = null, Resources = new() }))));
            foreach (var dataset in members) datasets.TryAdd(dataset.Name, dataset);
        }

        return [.. datasets.Values];
    }

    private static DatasetSection Dataset(Member member, ISimulator? simulator, OrderedDictionary<string, DatasetSection> above)
    {
        var body = member.Body;
        var settings = body.Settings(GatherSettings.Fields, new() { Simulator = simulator?.Name ?? "", Seed = 0, Rows = 1 });
        if (settings.Events) settings = WithEvents(body, settings, simulator as IReferenceEvents);
        CheckRows(body, settings.Events);
        var section = new DatasetSection(member.Name, settings, Shards(body, settings.Rows, settings.Events))
        {
            Reference = Reference(body, settings.Moments, above),
            Resources = ResourceReader.Read(body),
            Origin = member.Group,
        };
        body.RefuseTheRest();
        if (settings is { Events: true, Live: true })
            body.Fault("live", "events are observations, with their noise: leave 'live' or 'events' out");
        if (simulator is not null) body.Faults(SampleSettingsFaults.Of(settings, simulator));
        return section;
    }

    private static GatherSettings WithEvents(Section body, GatherSettings settings, IReferenceEvents? events)
    {
        if (events is null) return settings;
        try
        {
            return settings with { Rows = events.EventCount, EventsDigest = events.EventsDigest };
        }
        catch (InputException refused)
        {
            body.Fault("events", refused.Message);
            return settings;
        }
    }

    private static void CheckRows(Section body, bool events)
    {
        var written = body.Find("rows") is not null;
        if (events && written) body.Fault("rows", "events are as many as the simulator has: leave 'rows' out");
        if (!events && !written) body.Fault("rows", "'rows' is missing: write how many rows to draw, such as rows: 131072");
    }

    private static int Shards(Section body, long rows, bool events)
    {
        if (events)
        {
            if (body.Text("shards") is not null) body.Fault("shards", "events are one small file: leave 'shards' out");
            return 0;
        }

        var shards = body.Value("shards", (int)Math.Clamp((rows + RowsPerShard - 1) / RowsPerShard, 1, MaxShards));
        if (rows >= 1 && (shards < 1 || shards > Math.Min(rows, MaxShards)))
            body.Fault("shards", $"shards {shards} is out of range: from 1 to {Math.Min(rows, MaxShards)}, so that each has a row");
        return shards;
    }

    private static string? Reference(Section body, bool moments, OrderedDictionary<string, DatasetSection> above)
    {
        var name = body.Reference("reference", "dataset above this one", above.Keys, required: false);
        if (name is not null && !moments)
            body.Fault("reference", "'reference' says where mu and sigma come from: write 'moments: true' as well");
        if (name is not null && above.TryGetValue(name, out var reference) && !reference.Settings.Moments)
            body.Fault("reference", $"reference '{name}' has no mu and sigma: write 'moments: true' there");
        return name;
    }
}
