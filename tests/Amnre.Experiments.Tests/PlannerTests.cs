using Amnre.Experiments.Plans;
using Amnre.Experiments.Reading;
using Amnre.Jobs.Specs;

namespace Amnre.Experiments.Tests;

public sealed class PlannerTests
{
    /// <summary>What studies of other tests begin with, too.</summary>
    internal const string Begun =
        """
        name: small
        simulator: SLCP
        datasets:
          train: { rows: 1000, shards: 3 }
          test: { rows: 100, seed: 1 }
        models:
          amnre: { samples: train, arbitrary: true, epochs: 2 }
        evaluations:
          truth: { data: test, accuracy: true }
        """;

    private const string Text =
        Begun +
        """

        figures:
          loss: { type: loss }
          corner: { type: corner, evaluation: truth, truth: true, masks: [11111] }
        """;

    [Fact]
    public void Each_job_comes_after_those_it_reads_from()
    {
        var plan = Plan(Text);

        Assert.Equal(
            [
                "sample/train/0", "sample/train/1", "sample/train/2", "gather/train", "sample/test/0", "gather/test",
                "train/amnre", "evaluate/truth/amnre", "plot/loss", "plot/corner",
            ],
            plan.Jobs.Select(job => job.Name));
        var seen = new HashSet<string>();
        foreach (var job in plan.Jobs)
        {
            Assert.All(job.Inputs, input => Assert.Contains(input.Job, seen));
            seen.Add(job.Name);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    public void Shards_cover_the_rows_once_and_do_not_change_the_dataset(int shards)
    {
        var plan = Plan(Text.Replace("shards: 3", $"shards: {shards}", StringComparison.Ordinal));

        long next = 0;
        foreach (var shard in plan.Jobs.Where(job => job.Name.StartsWith("sample/train/", StringComparison.Ordinal)))
        {
            var settings = CanonicalJson.Read<Engine.Settings.SampleSettings>(shard.Settings);
            Assert.Equal(next, settings.Start);
            next += settings.Rows;
        }

        Assert.Equal(1000, next);
        Assert.Equal(Find(Plan(Text), "gather/train").Fingerprint, Find(plan, "gather/train").Fingerprint);
    }

    [Fact]
    public void Cosmetic_changes_keep_fingerprints()
    {
        // The model's name stands in figures' legends, so the name of the model is kept here.
        var renamed = Plan("# a comment\n" + Text.Replace("name: small", "name: other", StringComparison.Ordinal)
            .Replace("train", "learn", StringComparison.Ordinal));

        Assert.Equal(Plan(Text).Jobs.Select(job => job.Fingerprint), renamed.Jobs.Select(job => job.Fingerprint));
    }

    [Fact]
    public void A_changed_setting_changes_what_depends_on_it_and_nothing_else()
    {
        var before = Plan(Text);
        var after = Plan(Text.Replace("epochs: 2", "epochs: 3", StringComparison.Ordinal));

        var changed = after.Jobs.Where(job => job.Fingerprint != Find(before, job.Name).Fingerprint).Select(job => job.Name);
        Assert.Equal(["train/amnre", "evaluate/truth/amnre", "plot/loss", "plot/corner"], changed);
    }

    [Fact]
    public void Datasets_with_moments_wait_for_their_reference_and_events_have_no_shards()
    {
        const string Neuron =
            """
            name: neuron
            simulator: HH
            datasets:
              event: { events: true, moments: true, dump: 128 }
              train: { rows: 1000, seed: 1, shards: 2, moments: true, reference: event, compress: 1, chunk_size: 500, on_nonfinite: keep }
            """;
        var plan = Plan(Neuron);

        Assert.Equal(["gather/event", "sample/train/0", "sample/train/1", "gather/train"], plan.Jobs.Select(job => job.Name));
        var events = CanonicalJson.Read<Engine.Settings.GatherSettings>(Find(plan, "gather/event").Settings);
        Assert.Equal((true, true, 128, 1), (events.Events, events.Moments, events.Dump, events.Rows));
        var train = Find(plan, "gather/train");
        Assert.Equal(["shard", "shard", "reference"], train.Inputs.Select(input => input.Role));
        var settings = CanonicalJson.Read<Engine.Settings.GatherSettings>(train.Settings);
        Assert.Equal((true, 1, 500, Engine.Settings.NonFinitePolicy.Keep),
            (settings.Moments, settings.Compress, settings.ChunkRows, settings.OnNonFinite));

        // Another reference makes another dataset; other shards do not.
        var other = Plan(Neuron.Replace("dump: 128", "dump: 256", StringComparison.Ordinal));
        Assert.NotEqual(train.Fingerprint, Find(other, "gather/train").Fingerprint);
        Assert.Equal(Find(plan, "sample/train/0").Fingerprint, Find(other, "sample/train/0").Fingerprint);
        Assert.Equal(train.Fingerprint,
            Find(Plan(Neuron.Replace("shards: 2", "shards: 3", StringComparison.Ordinal)), "gather/train").Fingerprint);
    }

    [Fact]
    public void A_device_makes_another_dataset_and_the_processor_is_as_if_nothing_were_written()
    {
        const string Waves =
            """
            name: waves
            simulator: GW
            datasets:
              train: { rows: 1000, shards: 2 }
            """;
        string On(string device) => Waves.Replace("shards: 2", $"shards: 2, device: {device}", StringComparison.Ordinal);
        var plain = Plan(Waves);

        Assert.Equal(plain.Jobs.Select(job => job.Fingerprint), Plan(On("cpu")).Jobs.Select(job => job.Fingerprint));
        Assert.All(plain.Jobs, job => Assert.DoesNotContain("device", job.Key, StringComparison.Ordinal));
        foreach (var (job, other) in Plan(On("cuda")).Jobs.Zip(plain.Jobs))
        {
            Assert.NotEqual(other.Fingerprint, job.Fingerprint);
            Assert.Contains("\"device\":\"cuda\"", job.Settings, StringComparison.Ordinal);
        }
    }

    private static ExperimentPlan Plan(string text) => Planner.Plan(ExperimentReader.Read("small.yaml", text));

    private static JobSpec Find(ExperimentPlan plan, string name) => plan.Jobs.Single(job => job.Name == name);
}
