using Amnre.Engine.Catalog;
using Amnre.Engine.Programs;
using Amnre.Engine.Randomness;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Tests.Programs;

public sealed class ManifestReaderTests : IDisposable
{
    private const string Sound =
        """
        name: mine
        parameters:
          a: { uniform: [-1, 1] }
          b: { normal: [2, 0.5] }
          rate: { log_uniform: [0.01, 10] }
        observation: [3, 2]
        protocol: frames
        command: [./bin/simulate, --fast, helper.txt]
        files: [table.csv]
        environment: [CUDA_VISIBLE_DEVICES, THREADS=1]
        """;

    private readonly ScratchDirectory _folder = new();

    public ManifestReaderTests()
    {
        Directory.CreateDirectory(_folder["bin"]);
        foreach (var file in (string[])["bin/simulate", "helper.txt", "table.csv", "unrelated.txt"]) File.WriteAllText(_folder[file], file);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_sound_manifest_is_read_whole()
    {
        var manifest = Read(Sound);

        Assert.Equal("mine", manifest.Name);
        Assert.Equal(["a", "b", "rate"], manifest.Labels);
        Assert.Equal([-1, -0.5f, 0.01f], manifest.Prior.Low);
        Assert.Equal([1, 4.5f, 10], manifest.Prior.High);
        Assert.Equal([3, 2], manifest.ObservationShape);
        Assert.Equal([_folder["bin/simulate"], "--fast", "helper.txt"], manifest.Command);
        Assert.Equal(["bin/simulate", "helper.txt", "table.csv"],
            manifest.Files.Select(file => Path.GetRelativePath(_folder.Root, file.Path)));
        Assert.Equal(_folder.Root, manifest.WorkingDirectory);
        Assert.Equal((1024, Environment.ProcessorCount, 2, true),
            (manifest.BatchRows, manifest.Processes, manifest.Retries, manifest.IsReproducible));
        Assert.Equal((600, 60), (manifest.Timeout.TotalSeconds, manifest.StartupTimeout.TotalSeconds));
    }

    [Theory]
    [InlineData("name: mine", "name: yours")]
    [InlineData("normal: [2, 0.5]", "normal: [2, 0.25]")]
    [InlineData("  a:", "  α:")]
    [InlineData("[3, 2]", "[2, 3]")]
    [InlineData("--fast", "--slow")]
    [InlineData("THREADS=1", "THREADS=2")]
    [InlineData("files: [table.csv]", "files: [table.csv, unrelated.txt]")]
    public void What_decides_rows_decides_the_digest(string before, string after) =>
        Assert.NotEqual(Read(Sound).Digest, Read(Sound.Replace(before, after, StringComparison.Ordinal)).Digest);

    [Theory]
    [InlineData("name: mine", "# A comment\nname: mine")]
    [InlineData("[3, 2]", "[3, 2]\nbatch: 16\nprocesses: 7\ntimeout: 3\nstartup_timeout: 4\nretries: 9\nreproducible: false")]
    [InlineData("[3, 2]", "\n  - 3\n  - 2")]
    public void What_does_not_keeps_it(string before, string after) =>
        Assert.Equal(Read(Sound).Digest, Read(Sound.Replace(before, after, StringComparison.Ordinal)).Digest);

    [Theory]
    [InlineData("bin/simulate", true)]
    [InlineData("helper.txt", true)]
    [InlineData("table.csv", true)]
    [InlineData("unrelated.txt", false)]
    public void An_edit_of_a_file_that_decides_rows_changes_the_digest(string file, bool changes)
    {
        var before = Read(Sound).Digest;
        File.AppendAllText(_folder[file], "edited");
        Assert.Equal(changes, before != Read(Sound).Digest);
    }

    [Fact]
    public void The_same_content_elsewhere_is_the_same_simulator()
    {
        using var elsewhere = new ScratchDirectory();
        Directory.CreateDirectory(elsewhere["bin"]);
        foreach (var file in (string[])["bin/simulate", "helper.txt", "table.csv"]) File.Copy(_folder[file], elsewhere[file]);
        File.WriteAllText(elsewhere["other-name.yaml"], Sound);
        Read(Sound);

        var (here, there) = (SimulatorCatalog.Find(_folder["mine.yaml"]), SimulatorCatalog.Find("other-name.yaml", elsewhere.Root));

        Assert.NotEqual(here.Name, there.Name);
        Assert.Equal(SimulatorReference.Identity(here.Name), SimulatorReference.Identity(there.Name));
    }

    [Fact]
    public void Its_name_finds_it_again_until_it_changes()
    {
        Read(Sound);
        var name = SimulatorCatalog.Find("mine.yaml", _folder.Root).Name;
        Assert.Equal(name, SimulatorCatalog.Find(name, "/").Name);

        File.WriteAllText(_folder["mine.yaml"], Sound.Replace("--fast", "--slow", StringComparison.Ordinal));

        var error = Assert.Throws<InputException>(() => SimulatorCatalog.Find(name, "/")).Message;
        Assert.Contains("the manifest has changed since this work was planned", error, StringComparison.Ordinal);
    }

    [Fact]
    public void After_an_edit_of_a_file_it_draws_no_rows_but_serves_those_that_are_there()
    {
        Read(Sound);
        var name = SimulatorCatalog.Find("mine.yaml", _folder.Root).Name;
        File.AppendAllText(_folder["table.csv"], "edited");

        var simulator = SimulatorCatalog.Find(name, "/");

        Assert.Equal(name, simulator.Name);
        simulator.DrawPrior(1, 0, new float[3]);
        var error = Assert.Throws<InputException>(() => simulator.Sample(1, 0, new float[3], new float[6])).Message;
        Assert.Contains("have changed since this work was planned", error, StringComparison.Ordinal);
    }

    [Fact]
    public void All_faults_come_at_once_each_with_its_line()
    {
        var error = Error(
            """
            name: ../evil
            parameters:
              a: { uniform: [1, 1] }
              b: { cauchy: [1, 2] }
              c: 3
            observation: [0]
            protocol: telepathy
            command: [python3, x.py]
            files: [nowhere.csv]
            environment: [1BAD]
            timeout: -3
            processes: many
            workdir: /
            """);

        Assert.Equal([1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13],
            error.Split('\n').Select(line => int.Parse(line[(_folder["mine.yaml"].Length + 1)..].Split(':')[0])));
        foreach (var word in (string[])["'../evil'", "no width", "'cauchy'", "needs a prior", "'observation'", "'telepathy'",
            "PATH is not searched", "'nowhere.csv'", "'1BAD'", "'-3'", "'many'", "'workdir'"])
            Assert.Contains(word, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[./bin/simulate, --fast, helper.txt]", "[]", "'command' is missing")]
    [InlineData("[./bin/simulate, --fast, helper.txt]", "./bin/simulate --fast", "must be a list")]
    [InlineData("protocol: frames", "protocol: hdf5", "{output}")]
    [InlineData("--fast", "\"{input}\"", "frames come on standard input")]
    [InlineData("[3, 2]", "[3000, 2000]", "'batch'")]
    [InlineData("log_uniform: [0.01, 10]", "log_uniform: [0, 10]", "above 0")]
    [InlineData("name: mine", "name: [", "this is not YAML")]
    public void A_bad_value_is_named(string good, string bad, string message) =>
        Assert.Contains(message, Error(Sound.Replace(good, bad, StringComparison.Ordinal)), StringComparison.Ordinal);

    /// <summary>Cut, flipped and repeated text is refused in words or read; nothing else comes out.</summary>
    [Fact]
    public void A_damaged_manifest_never_breaks_its_reader()
    {
        const string Marks = "[]{}:,-&*!|>'\"%@`#\n\t \0é0";
        for (ulong trial = 0; trial < 2000; trial++)
        {
            var random = new CounterRandom(trial, RandomPurpose.None, 0);
            var text = Sound.ToCharArray().ToList();
            for (var edits = 1 + random.NextBelow(4); edits > 0; edits--)
            {
                var place = (int)random.NextBelow((uint)text.Count);
                switch (random.NextBelow(3))
                {
                    case 0: text[place] = Marks[(int)random.NextBelow((uint)Marks.Length)]; break;
                    case 1: text.Insert(place, Marks[(int)random.NextBelow((uint)Marks.Length)]); break;
                    default: text.RemoveRange(place, Math.Min(text.Count - place - 1, (int)random.NextBelow(20))); break;
                }
            }

            try
            {
                Read(new string([.. text]));
            }
            catch (InputException)
            {
                // Refused in words.
            }
        }
    }

    [Fact]
    public void Nothing_in_a_file_can_exhaust_its_reader()
    {
        Assert.Contains("nesting", Error(new string('[', 60_000)), StringComparison.Ordinal);
        Assert.Contains("nesting", Error(string.Concat(Enumerable.Repeat("- ", 30_000))), StringComparison.Ordinal);
        Assert.Contains("at most 65536", Error(new string('#', 70_000)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_is_searched_in_PATH_only_where_the_manifest_says_so() =>
        Assert.Equal("python3",
            Read(Sound.Replace("./bin/simulate", "python3", StringComparison.Ordinal) + "\nsearch_path: true").Command[0]);

    [Theory]
    [InlineData("SLCP", false)]
    [InlineData("mine.yaml", true)]
    [InlineData("./mine", true)]
    [InlineData("mine.YML", true)]
    public void A_path_is_told_from_a_name(string text, bool isPath) => Assert.Equal(isPath, SimulatorReference.IsPath(text));

    [Fact]
    public void A_missing_manifest_is_named() =>
        Assert.Contains("there is no such file",
            Assert.Throws<InputException>(() => SimulatorCatalog.Find("./none.yaml", _folder.Root)).Message, StringComparison.Ordinal);

    private ProgramManifest Read(string text)
    {
        File.WriteAllText(_folder["mine.yaml"], text);
        return ManifestReader.Read(_folder["mine.yaml"]);
    }

    private string Error(string text) => Assert.Throws<InputException>(() => Read(text)).Message;
}
