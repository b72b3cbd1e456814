using System.IO.Compression;
using System.Text;
using Amnre.Cli.Studies;
using Amnre.Engine;
using Amnre.Engine.Checkpoints;
using Amnre.Engine.CornerPlots;
using Amnre.Engine.Figures;
using Amnre.Engine.Masks;
using Amnre.Engine.SampleFiles;
using Amnre.Engine.Tables;
using Amnre.Experiments.Fields;
using Amnre.Experiments.Plans;
using Amnre.Experiments.Reading;
using Amnre.Jobs.Operations;
using Amnre.Jobs.Specs;
using Amnre.Jobs.Submissions;
using Amnre.Jobs.Views;
using Amnre.Scheduler.Cluster;
using Amnre.Testing;

namespace Amnre.Fuzz.Tests;

/// <summary>What damaged inputs once led to, each in its smallest form.</summary>
public sealed class FoundTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("amnre-found-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_samples_file_whose_head_is_damaged_does_not_stay_open()
    {
        var bytes = File.ReadAllBytes(Path.Combine(Repository.Golden, "fixtures", "hh-event.h5"));
        bytes.AsSpan(48).Fill(0xff);
        var path = Written("a.h5", bytes);

        Assert.Throws<InputException>(() => SampleFile.Open(path));

        Assert.DoesNotContain(Directory.EnumerateFiles("/proc/self/fd"), file => new FileInfo(file).LinkTarget == path);
    }

    [Theory]
    [InlineData("""{"simulator":"SLCP","simulator":"SLCP"}""")]
    [InlineData("""{"simulator":"SLCP","masks":[null]}""")]
    [InlineData("""{"simulator":"SLCP","\ud800":1}""")]
    public void Settings_of_a_model_with_a_key_twice_a_null_mask_or_half_a_character_are_refused(string text) =>
        Assert.Throws<InputException>(() => ModelFile.Read(Written("a.json", Encoding.UTF8.GetBytes(text))));

    [Theory]
    [InlineData("""{"items":[],"items":[],"masks":[]}""")]
    [InlineData("""{"items":[],"masks":[],"\udc00":1}""")]
    public void A_description_of_figures_with_a_key_twice_or_half_a_character_is_refused(string text) =>
        Assert.Throws<InputException>(() => CornerDescription.Read(text));

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[null],"data_offsets":[0,4]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,null]}}""")]
    [InlineData("""{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}""")]
    public void Safetensors_with_a_null_for_a_number_or_a_key_twice_are_refused(string header)
    {
        var text = Encoding.UTF8.GetBytes(header);
        var path = Written("a.safetensors", [.. BitConverter.GetBytes((long)text.Length), .. text, 0, 0, 0, 0]);

        Assert.Throws<InputException>(() => SafetensorsFile.Read(path));
    }

    /// <summary>A float repeated 2^28 times by strides of 0, from a file of less than a kilobyte.</summary>
    [Fact]
    public void Weights_that_repeat_their_record_without_end_are_refused() => RefusesWeights(
        "\u0080\u0002ctorch._utils\n_rebuild_tensor_v2\n((X\u0007\0\0\0storagectorch\nFloatStorage\nX\u0001\0\0\00X\u0003\0\0\0cpuK\u0001tQK\0J\0\0\0\u0010\u0085K\0\u0085\u0089ccollections\nOrderedDict\n)RtR.",
        CompressionLevel.NoCompression, "out of proportion");

    /// <summary>Two storages of one record, the second of 2^63 - 1 elements.</summary>
    [Fact]
    public void Weights_that_describe_a_record_in_two_ways_are_refused()
    {
        const string First =
            "ctorch._utils\n_rebuild_tensor_v2\n((X\u0007\0\0\0storagectorch\nFloatStorage\nX\u0001\0\0\00X\u0003\0\0\0cpuK\u0001tQK\0K\u0001\u0085K\u0001\u0085tR";
        RefusesWeights(
            "\u0080\u0002(" + First
                + First.Replace("cpuK\u0001tQ", "cpu\u008a\u0008\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007ftQ",
                    StringComparison.Ordinal) + "t.",
            CompressionLevel.NoCompression, "not a readable");
    }

    [Fact]
    public void Weights_that_unpack_to_a_multiple_of_their_file_are_refused() =>
    RefusesWeights(new string('N', 24 << 20) + ".", CompressionLevel.SmallestSize, "out of proportion");

    [Theory]
    [InlineData("MaxArraySize = ٣")]
    [InlineData("MaxArraySize = 99999999999")]
    public void A_size_of_arrays_that_is_no_number_is_unknown(string text) => Assert.Null(SlurmStates.MaxArraySize(text));

    [Fact]
    public void An_experiment_nested_without_end_is_refused_and_the_process_lives() =>
        RefusesExperiment("name: " + string.Concat(Enumerable.Repeat("[", 200_000)), "deeper");

    [Fact]
    public void An_experiment_with_an_alias_of_itself_is_refused() =>
        RefusesExperiment("name: a\nsimulator: SLCP\nmodels:\n  m:\n    model: &a { x: [*a] }\n", "part of what it stands for");

    [Fact]
    public void An_experiment_whose_aliases_grow_without_measure_is_refused()
    {
        var text = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x]\n");
        for (var i = 1; i < 12; i++)
            text.Append(System.Globalization.CultureInfo.InvariantCulture,
                $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 8))}]\n");

        RefusesExperiment(text.ToString(), "aliases stand for more");
    }

    [Fact]
    public void An_infinite_keyword_of_a_network_is_a_text_and_refused_as_such()
    {
        const string Text =
            "name: a\nsimulator: SLCP\ndatasets: { d: { rows: 100 } }\nmodels: { m: { samples: d, model: { num_layers: Infinity } } }\n";

        Assert.Throws<ExperimentException>(() => ExperimentReader.Read("a.yaml", Text));
    }

    [Theory]
    [InlineData("name: a\n? [x, y]\n: 1\n")]
    [InlineData("*a : 1\nname: &a x\n")]
    [InlineData("name: a\nsimulator: SLCP\nfigures:\n  ? [a, b]\n  : { type: loss }\n")]
    [InlineData("name: a\nsimulator: SLCP\ndatasets: { d: { rows: 100 } }\nmodels: { m: { samples: d, model: { {a: b}: 1 } } }\n")]
    public void An_experiment_with_a_list_or_a_mapping_for_a_name_is_refused(string text) => RefusesExperiment(text, "no name of a field");

    [Theory]
    [InlineData("name: a\nmodels: { m: { model: { x: *b } } }\nfigures: &b [1]\n")]
    [InlineData("name: a\nmodels: &a { m: *b }\nfigures: &b { f: *a }\n")]
    public void An_experiment_with_an_alias_of_what_comes_later_is_refused(string text) =>
    RefusesExperiment(text, "stands for nothing above it");

    [Fact]
    public void An_experiment_with_a_pattern_without_measure_is_refused() =>
        RefusesExperiment($"name: a\nsimulator: SLCP\ndatasets: {{ d: {{ rows: 100 }} }}\nmodels: {{ m: {{ samples: d }} }}\nfigures: {{ " +
            $"f: {{ type: loss, models: [\"*{new string('a', 70_000)}\"] }} }}\n", "matches no model");

    [Fact]
    public void An_experiment_with_a_zero_character_is_refused() =>
    RefusesExperiment("name: a\nsimulator: \"./a\\0.yaml\"\n", "zero character");

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("**/**/**/**")]
    public void A_pattern_of_nothing_or_of_everything_comes_to_an_end(string pattern)
    {
        Directory.CreateSymbolicLink(Path.Combine(_folder, "back"), _folder);
        File.WriteAllText(Path.Combine(_folder, "a.csv"), "");

        Assert.All(FileGlob.Expand(pattern, _folder), file => Assert.Equal("a.csv", Path.GetFileName(file)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\0.h5")]
    public void Samples_without_a_path_are_refused(string path) => Assert.Throws<InputException>(() => SamplePaths.Expand([path]));

    [Fact]
    public void A_pattern_longer_than_any_path_is_refused() => Assert.Contains(
        "18187 characters", Assert.Throws<InputException>(() => SamplePaths.Expand([new string('*', 18_187)])).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"items":[{"files":"a","smooth":1e300}],"masks":[]}""")]
    [InlineData("""{"items":[{"files":"a","smooth":-1}],"masks":[]}""")]
    [InlineData("""{"items":[{"files":"a"}],"masks":{"11":{"size":1e9}}}""")]
    [InlineData("""{"items":[{"files":"\ud800"}],"masks":[]}""")]
    public void A_description_of_figures_beyond_measure_is_refused(string text) =>
    Assert.Throws<InputException>(() => CornerDescription.Read(text));

    [Fact]
    public void A_table_of_empty_lines_is_refused() =>
    Assert.Throws<InputException>(() => CsvTable.Read(Written("a.csv", "epoch,mean\n\n\n"u8.ToArray())));

    /// <summary>Not as if the picture could not be written. A process's own memory is there and cannot be read from its
    /// beginning.</summary>
    [Fact]
    public void A_table_that_cannot_be_read_is_told_by_its_name() =>
        Assert.Contains("/proc/self/mem", Assert.Throws<InputException>(() => CsvTable.Read("/proc/self/mem")).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Statistics_with_a_column_twice_and_a_summary_of_half_characters_cost_no_page()
    {
        Assert.Empty(JobMetrics.LastEpoch(["epoch,mean,mean", "3,0.5,0.7"]));
        Assert.Throws<System.Text.Json.JsonException>(() => JobMetrics.Numbers("""{"\ud800":1}"""));
        Assert.NotNull(KeyDifference.Describe("""{"\ud800":1}""", "{}"));
    }

    [Fact]
    public void A_plan_whose_settings_have_a_key_twice_is_refused()
    {
        var plan = Planner.Plan(ExperimentReader.Read(Path.Combine(Repository.Root, "experiments", "quickstart.yaml")));
        var twice = plan with
        {
            Jobs = [plan.Jobs[0] with
            {
                Settings = plan.Jobs[0].Settings.Replace("{", "{\"seed\":1,\"seed\":2,", StringComparison.Ordinal),
            }, .. plan.Jobs.Skip(1)],
        };

        Assert.Throws<InputException>(() => SubmittedPlan.Check(new PlanDocument(twice)));
    }

    [Fact]
    public void A_plan_or_conditions_with_a_null_in_a_list_are_refused()
    {
        var plan = Planner.Plan(ExperimentReader.Read(Path.Combine(Repository.Root, "experiments", "quickstart.yaml")));
        foreach (var job in new[] { null!, plan.Jobs[0] with { Inputs = [null!] }, plan.Jobs[0] with { Outputs = [null!] } })
            Assert.Throws<InputException>(() => SubmittedPlan.Check(new PlanDocument(plan with { Jobs = [job, .. plan.Jobs.Skip(1)] })));
        Assert.Throws<InputException>(() => JobFilter.Parse([null!]));
    }

    [Theory]
    [InlineData("http://node:8080", "a\nb")]
    [InlineData("http://node:8080", "ü")]
    [InlineData("ftp://node", null)]
    public void An_address_or_a_token_that_cannot_be_used_is_refused(string address, string? token) =>
    Assert.Throws<InputException>(() => RemoteStudy.At(address, token));

    [Theory]
    [InlineData("=")]
    [InlineData("Nonsense=1")]
    [InlineData("Port=x")]
    public void What_is_no_connection_string_is_refused(string text) =>
    Assert.Throws<InputException>(() => CommonOptions.ConnectionString(text));

    [Fact]
    public void More_masks_than_anybody_could_train_are_refused()
    {
        Assert.NotEmpty(MaskList.Expand(["=2"], 24, null, out var none));
        Assert.Empty(none);
        MaskList.Expand(["=15"], 24, null, out var errors);
        Assert.Contains("more than", Assert.Single(errors), StringComparison.Ordinal);
    }

    private static void RefusesExperiment(string text, string reason)
    {
        Exception? thrown = null;
        var thread = new Thread(() => thrown = Record.Exception(() => ExperimentReader.Read("a.yaml", text)), 1 << 20);
        thread.Start();
        thread.Join();
        Assert.Contains(reason, Assert.IsType<ExperimentException>(thrown).Message, StringComparison.Ordinal);
    }

    private void RefusesWeights(string pickle, CompressionLevel level, string reason)
    {
        var path = Path.Combine(_folder, "a.pth");
        using (var archive = ZipFile.Open(path, ZipArchiveMode.Create))
        {
            Add("archive/data.pkl", Encoding.Latin1.GetBytes(pickle));
            Add("archive/data/0", [0, 0, 128, 63]);

            void Add(string name, byte[] content)
            {
                using var stream = archive.CreateEntry(name, level).Open();
                stream.Write(content);
            }
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        var refused = Assert.Throws<InputException>(() => TorchArchive.Read(path));
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 8 << 20);
    }

    private string Written(string name, byte[] bytes)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
