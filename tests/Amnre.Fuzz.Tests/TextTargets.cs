using System.Text.Json;
using Amnre.Engine.Checkpoints;
using Amnre.Engine.CornerPlots;
using Amnre.Engine.Declarations;
using Amnre.Engine.Detectors;
using Amnre.Engine.Fields;
using Amnre.Engine.Observations;
using Amnre.Engine.Programs;
using Amnre.Engine.Searches;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;
using Amnre.Engine.Tables;
using Amnre.Engine.Verdicts;
using Amnre.Experiments.Fields;
using Amnre.Experiments.Plans;
using Amnre.Experiments.Reading;
using Amnre.Jobs.Allocations;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Specs;
using Amnre.Jobs.Workers;
using Amnre.Scheduler.Cluster;
using Amnre.Testing;

namespace Amnre.Fuzz.Tests;

/// <summary>Parsers of text: experiments, manifests, settings, tables, what Slurm prints.</summary>
internal static class TextTargets
{
    private static readonly string[] Yaml = ["[", "{", "- ", "? ", ": ", "&a ", "*a", "&a [*a, *a]\n", "<<: ", "\n  ", "\t", "|\n", "\"",
        "'", "!!binary ", "---\n", "# ", "%YAML 9.9\n", "\u0000", "null"];

    private static readonly string[] Json = ["[", "{", "{\"a\":", "]", "}", ",", ":", "\"", "null", "\"a\":1,", "\\u0000", "\\ud800",
        "1e999", "/*", "\"simulator\":\"SLCP\","];

    private static readonly string[] Cells = [",", "\n", "\r\n", "\"", "epoch", "NaN", "inf", "1e999", "-", " ", "#"];

    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        FuzzTarget.OfText("experiment", Texts("experiments", "*.yaml"), [.. Yaml, "extends: ", "sweep: ",
            "simulator: SLCP\n", "observation: [2]\n", "observations: ", "parameters: { a: { uniform: [0, 1] } }\n", "file: none.npz\n"],
            text => Planner.Plan(ExperimentReader.ReadAll("fuzz.yaml", text)), error => error is ExperimentException) with { Share = 4 },
        File("manifest", 8, ".yaml", Texts("examples/simulators", "*.yaml"), Yaml, path => ManifestReader.Read(path)),
        File("model-settings", 20, ".json", Texts("tests/Amnre.Engine.Tests/Golden/fixtures", "*.json"), [.. Json, "\"masks\":[null],"],
            path => ModelFile.Read(path)),
        FuzzTarget.OfText("plot-description",
            ["""{"items":[{"files":"a*.pth","smooth":1.5},{"files":["b","c"],"marginalize":true}],"legend":["A",null],"star":["x.h5",3],"masks":["=1","110"]}""",
             """{"items":[{"files":["a"]}],"masks":{"11":{"size":5,"quantiles":[0.5,0.9],"hide_legend":true}}}"""], Json,
            // Anything else names a file.
            text => CornerDescription.Read("{" + text.TrimStart('{', ' ')), error => error is Engine.InputException),
        Document("pool-settings",
            new PoolSettings { Program = "/a/amnre", Store = "/s", Options = ["--partition=gpu"], Memory = 4096 }.Text(),
            text => PoolSettings.Read(text)),
        Document("train-settings", CanonicalJson.Write(new TrainSettings { Simulator = "SLCP", Masks = ["=1", "=2"] }),
            text => CanonicalJson.Read<TrainSettings>(text)),
        Document("sample-settings", CanonicalJson.Write(new SampleSettings { Simulator = "SLCP", Seed = 1, Start = 0, Rows = 64 }),
            text => CanonicalJson.Read<SampleSettings>(text)),
        Document("evaluate-settings", CanonicalJson.Write(new EvaluateSettings { Simulator = "SLCP", Masks = ["=1"] }),
            text => CanonicalJson.Read<EvaluateSettings>(text)),
        Document("import-settings", CanonicalJson.Write(new ImportSettings
        {
            Simulator = "SLCP",
            Content = SampleContent.Arrays,
            Parts = [new(new(new("a.npz", ".npz", new string('a', 64)), "x"), null)],
            First = 0,
            Rows = 8,
        }), text => CanonicalJson.Read<ImportSettings>(text)),
        FuzzTarget.OfText("verdict-report",
            ["""{"rows":64,"checks":[{"check":"coverage","verdict":"fail","number":0.08,"warn":0.01,"fail":0.05,"sentence":"a"}],"observations":[{"checks":[]}]}"""],
            [.. Json, "\"number\":null,", "\"check\":\"tails\","],
            text => VerdictReport.Parse(text).Unmet([VerdictCheck.Coverage, VerdictCheck.C2st], "evaluation 'a'"),
            error => error is FormatException),
        FuzzTarget.OfText("decision",
            ["""{"metric":"valid.loss","rung":1,"epochs":4,"candidates":[{"name":"a","metric":0.4,"rank":1,"admitted":true,"reason":"r"}]}"""],
            [.. Json, "\"metric\":null,", "\"name\":\"a\","], text => DecisionFile.Parse(text).Admitted.ToList(),
            error => error is FormatException),
        FuzzTarget.OfText("declaration",
            [
                """{"parameters":{"a":{"uniform":[0,1]},"b":{"log_uniform":[0.1,10]}},"observation":[2,3]}""",
                """{"parameters":{"a":{"gamma":[2,1]},"b":{"table":[[0,1],[2,3],[4,0]]},"c":{"beta":[0.5,2]}},"observation":[2]}""",
                """{"parameters":{"a":{"multivariate_normal":[0,[1]]},"b":{"multivariate_normal":[1,[0.5,2]]}},"observation":[2]}""",
                """{"parameters":{"a":{"truncated_normal":[0,1,-2,3]},"b":{"log_normal":[0,1]},"c":{"half_normal":2}},"observation":[2]}""",
            ],
            [.. Json, "\"normal\"", "[1,1]", "-", "99999999999", "1e-300", "[[", "\"gamma\"", "\"table\"", "\"beta\""], text =>
            {
                Assert.NotNull(SimulatorReference.Plain("{" + text));
                DeclaredSimulator.Of(text);
            }, error => error is Engine.InputException),
        Document("progress",
            LedgerText.OfProgress(
                new ReportedProgress(3, double.PositiveInfinity, "steps", new Dictionary<string, double> { ["loss"] = double.NaN }, 4)),
                    text => LedgerText.Progress(text)),
        Document("outputs", LedgerText.OfOutputs([new JobOutput("model.pth", "models/a.pth")]), text => LedgerText.Outputs(text)),
        Document("gpu-readings", GpuReading.Text([new GpuReading(0, "NVIDIA H100", 1204, 81559, 37)]), text => GpuReading.Read(text)),
        FuzzTarget.OfText("squeue",
            ["17|amnre-a|RUNNING|1790000000|1790003600|None\n18_3|amnre-b|PENDING|N/A|N/A|Priority\nsqueue: message\n"],
            ["|", "\n", "_", "٣", "99999999999999999999", "CANCELLED by 0", "\0"],
            text => Assert.All(SlurmStates.Jobs(text), job => Assert.True(Enum.IsDefined(job.Standing))), _ => false),
        FuzzTarget.OfText("sbatch", ["1234\n", "1234;cluster\n"], [";", "\n", "٣", "_"], text => SlurmStates.Submitted(text), _ => false),
        FuzzTarget.OfText("scontrol", ["ClusterName = c\nMaxArraySize            = 1001\nMaxJobCount = 10000\n"],
            ["=", "\n", "MaxArraySize = ", "٣", "99999999999"], text => SlurmStates.MaxArraySize(text), _ => false),
        File("statistics", 20, ".csv", Texts("tests/Amnre.Engine.Tests/Golden/fixtures", "*.csv"), Cells, path => HistoryFile.Read(path)),
        File("evaluation-table", 20, ".csv", Texts("tests/Amnre.Engine.Tests/Golden/results", "*.csv"), Cells, path =>
        {
            var table = CsvTable.Read(path);
            foreach (var column in (string[])["index", "entropy", "mask"])
                if (table.Has(column)) _ = column == "mask" ? (object)table.Texts(column) : table.Numbers(column);
        }),
        File("observation-table", 4, ".csv", ["a,b\n1,2\n3,4e-5\n", "# x\n1;2;3\n", "1 2\t3\n4 5 6\n"], Cells,
            path => ObservationFile.Read(path, null)),
        File("observation-list", 4, ".json", ["[[1,2],[3,4.5]]", """{"x": [1, 2], "y": [[1]]}"""], Json,
            path => ObservationFile.Read(path, null)),
        FuzzTarget.OfText("given", ["""{"θ₁": 0.5, "1": 2}""", "a=0.5"], [.. Json, "=", "1e99"],
            text => GivenForm.Instance.Read(new RawValue.Scalar(text)), _ => false),
        File("events", 4, ".json",
            ["""{"x": [[1, 2]], "theta": [[1, 2, 3, 4, 5]]}""", """{"x": [[[1, 2], [3, 4], [5, 6], [7, 8]]]}"""], Json, path => EventObservations.Read(path, new Slcp())),
        File("spectrum", 2, ".txt", [Spectrum()], Cells, path => SpectrumFile.Read(path)),
        File("strain-text", 4, ".txt",
            ["# GPS, strain\n1126259462.0 1e-21\n1126259462.000244140625 2e-21\n1126259462.00048828125 -1e-21\n"], Cells,
            path => SeriesFile.Read(path)),
    ];

    private static string[] Texts(string folder, string pattern) =>
        [.. Repository.Files(folder, pattern, 1 << 15).Select(System.IO.File.ReadAllText)];

    private static FuzzTarget File(string name, int share, string ending, IReadOnlyList<string> seeds, IReadOnlyList<string> tokens,
        Action<string> parse) =>
        FuzzTarget.OfFile(name, share, ending, _ => [.. seeds.Select(System.Text.Encoding.UTF8.GetBytes)], tokens, parse) with
        {
            IsText = true,
        };

    /// <summary>Documents that the ledger keeps are refused by what reads JSON.</summary>
    private static FuzzTarget Document(string name, string seed, Action<string> parse) =>
        FuzzTarget.OfText(name, [seed], [.. Json, "\"descents\":", "\"extra\":1,", "\"masks\":[null],"], parse,
            error => error is JsonException);

    private static string Spectrum() =>
        string.Concat(Enumerable.Range(0, 500).Select(i => FormattableString.Invariant($"{5 + i * 2.5} {1e-46 * (1 + i)}\n")));
}
