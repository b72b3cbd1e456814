using Amnre.Engine.Datasets;
using Amnre.Engine.Simulators;

namespace Amnre.Scheduler.Experiments;

internal static class DatasetReader
{
    /// <summary>Rows in a shard unless the file says how many shards it wants.</summary>
    private const long RowsPerShard = 1 << 18;

    private const int MostShards = 10_000;

    public static IReadOnlyList<DatasetSection> Read(Section top, ISimulator? simulator)
    {
        var datasets = new List<DatasetSection>();
        foreach (var (name, body) in top.Sections("datasets"))
        {
            if (!ExperimentReader.IsName(name)) body.Fault("", ExperimentReader.NameRule("dataset", name));
            if (body.Text("rows") is null) body.Fault("rows", "'rows' is missing: write how many rows to draw, such as rows: 131072");
            var rows = body.Integer("rows", 1);
            var seed = body.Seed("seed", 0);
            var shards = body.SmallInteger("shards", (int)Math.Clamp((rows + RowsPerShard - 1) / RowsPerShard, 1, MostShards));
            body.RefuseTheRest();

            if (rows >= 1 && (shards < 1 || shards > Math.Min(rows, MostShards)))
                body.Fault("shards", $"shards {shards} is out of range: from 1 to {Math.Min(rows, MostShards)}, so that each has a row");
            if (simulator is not null)
                body.Faults(SampleSettingsFaults.Of(new SampleSettings { Simulator = simulator.Name, Seed = seed, Start = 0, Rows = rows }, simulator));
            datasets.Add(new DatasetSection(name, seed, rows, shards));
        }

        return datasets;
    }
}
