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

    public static IReadOnlyList<DatasetSection> Read(Section top, ISimulator? simulator, DataFiles files,
        ErrorList errors)
    {
        var datasets = new OrderedDictionary<string, DatasetSection>(StringComparer.Ordinal);
        var reader = new Members(top, "datasets", errors);
        foreach (var (name, body) in reader.Sections())
        {
            var members = reader.Expand(name, body, replicated: false).Members.Select(member => Dataset(member, simulator, files, datasets))
                .ToList();
            Members.CheckDuplicates(body,
                members.Select(member => (member.Name, CanonicalJson.Write(member with { Name = "", Origin = null, Resources = new() }))));
            foreach (var dataset in members) datasets.TryAdd(dataset.Name, dataset);
        }

        return [.. datasets.Values];
    }

    private static DatasetSection Dataset(
        Member member, ISimulator? simulator, DataFiles files, OrderedDictionary<string, DatasetSection> above)
    {
        var body = member.Body;
        var import = files.Arrays(body, simulator);
        // Files with a validation error are no reason to ask for rows.
        var imported = body.Find("file") is not null || body.Find("theta") is not null || body.Find("x") is not null;
        var settings = body.Settings(GatherSettings.Fields, new() { Simulator = simulator?.Name ?? "", Seed = 0, Rows = 1 });
        if (imported) settings = Imported(body, settings, import);
        else if (settings.Events) settings = WithEvents(body, settings, simulator as IReferenceEvents);
        if (!imported) CheckRows(body, settings.Events, simulator);
        var section = new DatasetSection(member.Name, settings, imported ? 0 : Shards(body, settings.Rows, settings.Events))
        {
            Import = import is null ? null : import with
            {
                Moments = settings.Moments,
                ChunkRows = settings.ChunkRows,
                Compress = settings.Compress,
            },
            Reference = Reference(body, [.. above.Values], settings.Moments),
            Resources = ResourceReader.Read(body),
            Origin = member.Group,
        };
        body.Accept("shards");
        body.RefuseTheRest();
        if (settings is { Events: true, Live: true })
            body.Error("live", "events are observations, with their noise: leave 'live' or 'events' out");
        if (simulator is not null) body.Errors(SampleSettingsErrors.Of(settings, simulator));
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
            body.Error("events", refused.Message);
            return settings;
        }
    }

    /// <summary>Rows of files are there: nothing says how to draw them.</summary>
    private static GatherSettings Imported(Section body, GatherSettings settings, ImportSettings? import)
    {
        foreach (var field in (string[])["rows", "seed", "shards", "dump", "live", "events", "on_nonfinite", "device"])
            body.RefuseAny(field, field == "dump"
                ? "moments of a file's rows are those of all of them: leave 'dump' out"
                : $"rows of files are taken as they are: leave '{field}' out{(field == "rows" ? ", or take some with 'indices'" : "")}");
        return new GatherSettings
        {
            Simulator = settings.Simulator,
            Seed = 0,
            Rows = import?.Rows ?? int.MaxValue,
            Moments = settings.Moments,
            ChunkRows = settings.ChunkRows,
            Compress = settings.Compress,
        };
    }

    private static void CheckRows(Section body, bool events, ISimulator? simulator)
    {
        if (simulator is { Draws: false })
        {
            body.Error("rows", "the experiment has no simulator, so rows cannot be drawn: name a file of simulated rows, such as file: " +
                "sims.npz, or name a simulator");
            return;
        }

        var written = body.Find("rows") is not null;
        if (events && written) body.Error("rows", "events are as many as the simulator has: leave 'rows' out");
        if (!events && !written) body.Error("rows", "'rows' is missing: write how many rows to draw, such as rows: 131072");
    }

    private static int Shards(Section body, long rows, bool events)
    {
        if (events)
        {
            if (body.Text("shards") is not null) body.Error("shards", "events are one small file: leave 'shards' out");
            return 0;
        }

        var shards = body.Value("shards", (int)Math.Clamp((rows + RowsPerShard - 1) / RowsPerShard, 1, MaxShards));
        if (rows >= 1 && (shards < 1 || shards > Math.Min(rows, MaxShards)))
            body.Error("shards", $"shards {shards} is out of range: from 1 to {Math.Min(rows, MaxShards)}, so that each has a row");
        return shards;
    }

    /// <summary>The dataset to copy mu and sigma from.</summary>
    /// <param name="above">That may be named.</param>
    /// <param name="moments">Whether the section wants moments; null where naming one says so.</param>
    public static string? Reference(Section body, IReadOnlyList<DatasetSection> above, bool? moments = null)
    {
        List<string> names = [.. above.Select(dataset => dataset.Name)];
        var name = body.Reference("reference", moments is null ? "dataset" : "dataset above this one", names, required: false);
        if (name is not null && moments == false)
            body.Error("reference", "'reference' says where mu and sigma come from: write 'moments: true' as well");
        if (above.FirstOrDefault(dataset => dataset.Name == name) is { Settings.Moments: false })
            body.Error("reference", $"reference '{name}' has no mu and sigma: write 'moments: true' there");
        return name;
    }
}
