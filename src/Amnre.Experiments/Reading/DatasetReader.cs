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

    private const int MostShards = 10_000;

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
        var events = body.Flag("events", false);
        var rows = events ? Events(body, simulator) : Rows(body);
        var shards = Shards(body, rows, events);
        var moments = body.Flag("moments", false);
        var section = new DatasetSection(member.Name, body.Seed("seed", 0), rows, shards)
        {
            Live = body.Flag("live", false),
            Moments = moments,
            Dump = body.SmallInteger("dump", GatherSettings.DefaultDump),
            Reference = Reference(body, moments, above),
            Events = events,
            ChunkSize = body.SmallInteger("chunk_size", 1 << 16),
            Compress = body.SmallInteger("compress", 0),
            OnNonFinite = Policy(body),
            Device = body.Text("device") is var device and not "cpu" ? device : null,
            Resources = ResourceReader.Read(body),
            Origin = member.Group,
        };
        body.RefuseTheRest();
        if (events && section.Live) body.Fault("live", "events are observations, with their noise: leave 'live' or 'events' out");
        if (simulator is not null) body.Faults(SampleSettingsFaults.Of(Planner.Settings(simulator.Name, section), simulator));
        return section;
    }

    private static long Rows(Section body)
    {
        if (body.Text("rows") is null) body.Fault("rows", "'rows' is missing: write how many rows to draw, such as rows: 131072");
        return body.Integer("rows", 1);
    }

    private static long Events(Section body, ISimulator? simulator)
    {
        if (body.Text("rows") is not null) body.Fault("rows", "events are as many as the simulator has: leave 'rows' out");
        return (simulator as IReferenceEvents)?.EventCount ?? 1;
    }

    private static int Shards(Section body, long rows, bool events)
    {
        if (events)
        {
            if (body.Text("shards") is not null) body.Fault("shards", "events are one small file: leave 'shards' out");
            return 0;
        }

        var shards = body.SmallInteger("shards", (int)Math.Clamp((rows + RowsPerShard - 1) / RowsPerShard, 1, MostShards));
        if (rows >= 1 && (shards < 1 || shards > Math.Min(rows, MostShards)))
            body.Fault("shards", $"shards {shards} is out of range: from 1 to {Math.Min(rows, MostShards)}, so that each has a row");
        return shards;
    }

    private static string? Reference(Section body, bool moments, OrderedDictionary<string, DatasetSection> above)
    {
        var name = body.Reference("reference", "dataset above this one", above.Keys, required: false);
        if (name is not null && !moments)
            body.Fault("reference", "'reference' says where mu and sigma come from: write 'moments: true' as well");
        if (name is not null && above.TryGetValue(name, out var reference) && !reference.Moments)
            body.Fault("reference", $"reference '{name}' has no mu and sigma: write 'moments: true' there");
        return name;
    }

    private static NonFinitePolicy Policy(Section body)
    {
        switch (body.Text("on_nonfinite"))
        {
            case null or "error":
                return NonFinitePolicy.Error;
            case "keep":
                return NonFinitePolicy.Keep;
            case "drop":
                return NonFinitePolicy.Drop;
            case var other:
                body.Fault("on_nonfinite", $"on_nonfinite '{other}' is not known: use error or keep");
                return NonFinitePolicy.Error;
        }
    }
}
