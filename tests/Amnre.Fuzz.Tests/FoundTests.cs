using System.IO.Compression;
using System.Text;
using Amnre.Engine;
using Amnre.Engine.Checkpoints;
using Amnre.Engine.Datasets;
using Amnre.Engine.Figures;
using Amnre.Scheduler.Cluster;
using Amnre.Scheduler.Experiments;

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
        const string First = "ctorch._utils\n_rebuild_tensor_v2\n((X\u0007\0\0\0storagectorch\nFloatStorage\nX\u0001\0\0\00X\u0003\0\0\0cpuK\u0001tQK\0K\u0001\u0085K\u0001\u0085tR";
        RefusesWeights(
            "\u0080\u0002(" + First + First.Replace("cpuK\u0001tQ", "cpu\u008a\u0008\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007ftQ", StringComparison.Ordinal) + "t.",
            CompressionLevel.NoCompression, "not a readable");
    }

    [Fact]
    public void Weights_that_unpack_to_a_multiple_of_their_file_are_refused() => RefusesWeights(new string('N', 24 << 20) + ".", CompressionLevel.SmallestSize, "out of proportion");

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
        for (var i = 1; i < 12; i++) text.Append(System.Globalization.CultureInfo.InvariantCulture, $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 8))}]\n");

        RefusesExperiment(text.ToString(), "aliases stand for more");
    }

    [Theory]
    [InlineData("name: a\n? [x, y]\n: 1\n")]
    [InlineData("name: a\nmodels:\n  ? { x: y }\n  : { samples: s }\n")]
    [InlineData("name: a\nmodels:\n  m: { model: { ? [x] : 1 } }\n")]
    public void Keys_that_are_no_texts_are_refused(string text) => RefusesExperiment(text, "a key must be a text");

    [Fact]
    public void An_infinite_keyword_of_a_network_is_a_text_and_refused_as_such()
    {
        const string Text = "name: a\nsimulator: SLCP\ndatasets: { d: { rows: 100 } }\nmodels: { m: { samples: d, model: { num_layers: Infinity } } }\n";

        Assert.Throws<ExperimentException>(() => ExperimentReader.Read("a.yaml", Text));
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
