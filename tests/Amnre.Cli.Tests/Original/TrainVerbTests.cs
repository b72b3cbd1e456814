using System.Text.Json;
using System.Text.Json.Nodes;
using Amnre.Engine.Randomness;
using PureHDF;

namespace Amnre.Cli.Tests.Original;

/// <summary>The real command: the original's options, and trainings that are killed.</summary>
public sealed class TrainVerbTests : IDisposable
{
    private const string Small = """-model {"num_layers":2,"hidden_size":16,"activation":"ELU"}""";
    private const string Flow = """-flow -model {"num_transforms":2,"hidden_features":16,"num_blocks":1}""";

    private readonly string _folder = Directory.CreateTempSubdirectory("amnre-test-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Settings_weights_and_statistics_come_beside_one_another()
    {
        await SampleAsync();

        var (code, output, error) = await CommandProcess.RunAsync(
            _folder, $"train -sim SLCP -samples train.h5 -valid valid.h5 -bs 256 -epochs 2 -desc 8 {Small} -arb -masks =1 00110 -amsgrad " +
                "-json -o models/a.pth", Stop);

        Assert.True(code == 0, error);
        Assert.Equal(["a.best.pth", "a.csv", "a.json", "a.pth"],
            Directory.GetFiles(Path.Combine(_folder, "models")).Select(Path.GetFileName).Order());
        var settings = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(_folder, "models/a.json"), Stop))!;
        Assert.Equal(["device", "simulator", "samples", "live", "model"], settings.AsObject().Select(entry => entry.Key).Take(5));
        Assert.Equal("train.h5", settings["samples"]!.GetValue<string>());
        Assert.Equal(["=1", "00110"], settings["masks"]!.AsArray().Select(mask => mask!.GetValue<string>()));
        Assert.True(settings["amsgrad"]!.GetValue<bool>());
        using var result = JsonDocument.Parse(output);
        Assert.Equal(settings["seed"]!.GetValue<ulong>(), result.RootElement.GetProperty("seed").GetUInt64());
        Assert.Contains("was drawn", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_folder, "models/a.checkpoints")));
    }

    [Theory]
    [InlineData("-samples none.h5", "none.h5")]
    [InlineData("-samples train.h5 -modle {}", "did you mean '-model'")]
    [InlineData("""-samples train.h5 -model {"num_layer":2}""", "did you mean 'num_layers'")]
    [InlineData("-samples train.h5 -model 3", "is not a JSON object")]
    [InlineData("-samples train.h5 -arbitrary -flow", "either 'arbitrary' or 'flow'")]
    [InlineData("-samples train.h5 -masks 0101", "has 4 characters")]
    [InlineData("-samples train.h5 -adversary none.pth", "'none.pth' is not there")]
    [InlineData("-samples train.h5 -o model.bin", "does not end in .pth")]
    [InlineData("-simulator HH -samples train.h5", "give a dataset of HH")]
    [InlineData("-samples train.h5 -replicates 0", "replicates 0 is out of range")]
    public async Task Bad_input_is_named_and_leaves_nothing(string line, string message)
    {
        await SampleAsync();

        var (code, _, error) = await CommandProcess.RunAsync(_folder, $"train {line}", Stop);

        Assert.Equal(2, code);
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.Equal(["train.h5", "valid.h5"],
            Directory.GetFileSystemEntries(_folder).Select(Path.GetFileName).Where(name => name != "products").Order());
        Assert.False(Directory.Exists(Path.Combine(_folder, "products"))
            && Directory.EnumerateFiles(Path.Combine(_folder, "products"), "*", SearchOption.AllDirectories).Any());
    }

    [Theory]
    [InlineData(" -seed 1")]
    [InlineData("")]
    public async Task A_training_that_learns_nothing_leaves_nothing(string seed)
    {
        new H5File
        {
            ["theta"] = new H5Dataset<float[]>(new float[256 * 5], fileDims: [256, 5]),
            ["x"] = new H5Dataset<float[]>([.. Enumerable.Repeat(float.NaN, 256 * 8)], fileDims: [256, 4, 2]),
        }.Write(Path.Combine(_folder, "nan.h5"));

        var (code, _, error) = await CommandProcess.RunAsync(_folder, $"train -samples nan.h5 -bs 64 {Small}{seed} -o m.pth", Stop);

        Assert.Equal(2, code);
        Assert.Contains("learnt nothing", error, StringComparison.Ordinal);
        Assert.Equal(["nan.h5"], Directory.GetFileSystemEntries(_folder).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Replicates_are_the_models_of_seeds_that_count_up()
    {
        await SampleAsync();
        var line = $"train -samples train.h5 -valid valid.h5 -bs 256 -epochs 2 -desc 8 {Small} -threads 1";
        await RunAsync($"{line} -seed 4 -o alone.pth");
        await RunAsync($"{line} -seed 5 -o next.pth");

        var (code, output, error) = await CommandProcess.RunAsync(_folder, $"{line} -seed 4 -replicates 2 -json -o models/a.pth", Stop);

        Assert.True(code == 0, error);
        Assert.Equal(
            ["a-1.best.pth", "a-1.csv", "a-1.json", "a-1.pth", "a-2.best.pth", "a-2.csv", "a-2.json", "a-2.pth"],
            Directory.GetFileSystemEntries(Path.Combine(_folder, "models")).Select(Path.GetFileName).Order());
        Assert.Equal(await Bytes("alone.pth"), await Bytes("models/a-1.pth"));
        Assert.Equal(await Bytes("next.pth"), await Bytes("models/a-2.pth"));
        Assert.Equal([4, 5], output.Trim().Split('\n').Select(result => JsonNode.Parse(result)!["seed"]!.GetValue<int>()));

        Task<byte[]> Bytes(string file) => File.ReadAllBytesAsync(Path.Combine(_folder, file), Stop);
    }

    /// <summary>Every family, killed at random moments; the same command goes on and ends in the same bytes.</summary>
    [Theory]
    [InlineData("NRE", Small)]
    [InlineData("MNRE", Small + " -masks =1 00110")]
    [InlineData("AMNRE", Small + " -arbitrary")]
    [InlineData("AMNRE, hyper", Small + """ -arbitrary -hyper {"num_blocks":1,"residual_size":8}""")]
    [InlineData("NPE", Flow)]
    [InlineData("MNPE", Flow + " -masks =1 00110")]
    [InlineData("adversary", Small + " -masks 00110 -adversary frozen.pth")]
    public async Task Killed_anywhere_it_ends_in_the_bytes_of_an_undisturbed_run(string name, string options)
    {
        await SampleAsync();
        if (options.Contains("frozen", StringComparison.Ordinal))
            await RunAsync($"train -samples train.h5 -epochs 1 -desc 4 {Small} -arb -seed 1 -threads 1 -o frozen.pth");
        var line = $"train -samples train.h5 -valid valid.h5 -bs 256 -epochs 60 -desc 16 -patience 60 {options} -seed 7 -threads 1 -o";
        var begun = TimeProvider.System.GetTimestamp();
        await RunAsync($"{line} undisturbed.pth");
        var whole = TimeProvider.System.GetElapsedTime(begun);
        var random = new CounterRandom((ulong)name.Length, RandomPurpose.None, 0);

        var kills = 0;
        while (true)
        {
            using var process = CommandProcess.Start(_folder, $"{line} killed.pth".Split(' '));
            var end = process.EndAsync(Stop);
            // First as soon as there is something to go on from, with nearly all of the training before it, however quick the machine is;
            // then anywhere.
            var moment = kills == 0 ? SavedAsync("killed") : kills < 3
                ? Task.Delay(whole * (random.NextBelow(700) / 1000.0), TimeProvider.System, Stop) : end;
            await Task.WhenAny(end, moment);
            if (!end.IsCompleted) process.Kill();
            var (code, _, error) = await end;
            if (code == 0) break;
            Assert.True(code == 137, error);
            kills++;
        }

        Assert.True(kills > 0);
        Assert.Equal(await BytesAsync("undisturbed.pth"), await BytesAsync("killed.pth"));
        Assert.Equal(await BytesAsync("undisturbed.best.pth"), await BytesAsync("killed.best.pth"));
        Assert.Equal(await UndatedAsync("undisturbed"), await UndatedAsync("killed"));
        Assert.Equal(await UntimedAsync("undisturbed.csv"), await UntimedAsync("killed.csv"));
    }

    [Fact]
    public async Task Interrupted_it_says_how_to_go_on_and_does()
    {
        await SampleAsync();
        var line = $"train -samples train.h5 -bs 64 -epochs 100000 -desc 64 -patience 100000 {Small} -o a.pth";
        using var process = CommandProcess.Start(_folder, line.Split(' '));
        await SavedAsync("a");

        process.Interrupt();
        var (code, _, error) = await process.EndAsync(Stop);

        Assert.Equal(130, code);
        Assert.Contains("The same command resumes it", error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_folder, "a.pth")));
        using var again = CommandProcess.Start(_folder, line.Split(' '));
        await SavedAsync("a", Checkpoints("a"));
        again.Interrupt();
        Assert.DoesNotContain("was drawn", (await again.EndAsync(Stop)).Error, StringComparison.Ordinal);
    }

    private string[] Checkpoints(string stem) =>
        Path.Combine(_folder, $"{stem}.checkpoints") is var folder && Directory.Exists(folder)
        ? Directory.GetFiles(folder, "checkpoint*.safetensors") : [];

    /// <summary>Until there is a checkpoint other than those.</summary>
    private async Task SavedAsync(string stem, params string[] before)
    {
        while (Checkpoints(stem).All(before.Contains)) await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, Stop);
    }

    private Task<byte[]> BytesAsync(string name) => File.ReadAllBytesAsync(Path.Combine(_folder, name), Stop);

    private async Task<string> UndatedAsync(string stem)
    {
        var settings = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(_folder, $"{stem}.json"), Stop))!.AsObject();
        settings.Remove("date");
        settings.Remove("output");
        return settings.ToJsonString();
    }

    private async Task<IReadOnlyList<string>> UntimedAsync(string name) =>
        [.. (await File.ReadAllLinesAsync(Path.Combine(_folder, name), Stop)).Select(
            line => string.Join(',', line.Split(',').Where((_, i) => i != 1)))];

    private async Task SampleAsync()
    {
        await RunAsync("sample -seed 0 -samples 8192 -o train.h5");
        await RunAsync("sample -seed 1 -samples 1024 -o valid.h5");
    }

    private async Task RunAsync(string line)
    {
        var (code, _, error) = await CommandProcess.RunAsync(_folder, line, Stop);
        Assert.True(code == 0, $"{line}: {error}");
    }
}
