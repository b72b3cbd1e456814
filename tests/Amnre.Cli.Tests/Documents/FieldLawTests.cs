using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Amnre.Engine.Catalog;
using Amnre.Engine.Checkpoints;
using Amnre.Engine.Datasets;
using Amnre.Engine.Evaluation;
using Amnre.Engine.Fields;
using Amnre.Engine.Figures;
using Amnre.Engine.GravitationalWaves;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;
using Amnre.Engine.Training;
using Amnre.Engine.Verdicts;
using Amnre.Testing;

namespace Amnre.Cli.Tests.Documents;

/// <summary>A setting has one line in its table; every place where a person meets it follows from that line, under one name.</summary>
public sealed class FieldLawTests
{
    private static readonly ISimulator Slcp = SimulatorCatalog.Find("SLCP");

    private static readonly RecordLaw<TrainSettings> Train = new(TrainSettings.Fields, "train", "## `models`", "model",
        settings => TrainSettingsErrors.Of(settings, Slcp));

    private static readonly IReadOnlyList<RecordLaw> Records =
    [
        Train,
        new RecordLaw<EvaluateSettings>(EvaluateSettings.Fields, "eval", "## `evaluations`", "evaluation",
            settings => EvaluateSettingsErrors.Of(settings, Slcp)),
        new RecordLaw<EvaluationVerdict>(EvaluationVerdict.Fields, null, "## `evaluations`", "evaluation",
            settings => VerdictErrors.Of(settings, compares: false)),
        new RecordLaw<GatherSettings>(GatherSettings.Fields, null, "## `datasets`", "dataset",
            settings => SampleSettingsErrors.Of(settings, Slcp)),
        new RecordLaw<SampleSettings>(SampleSettings.Fields, null, null, null, settings => SampleSettingsErrors.Of(settings, Slcp)),
        new RecordLaw<DrawSettings>(DrawSettings.Fields, "sample", null, null, settings => SampleSettingsErrors.Of(settings, Slcp)),
        new RecordLaw<PlotSettings>(PlotSettings.Fields, null, "## `figures`", "figure",
            settings => PlotSettingsErrors.Of(settings, Slcp)),
        new RecordLaw<BasisSettings>(BasisSettings.Fields, "gw basis", "## `basis`", "basis",
            settings => BasisBuilding.Errors(settings, SimulatorCatalog.Find("GW"))),
    ];

    private static readonly JsonNode SchemaFile =
        JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "experiments", "experiment.schema.json")))!;

    public static TheoryData<string> RecordNames() => [.. Records.Select(record => record.Name)];

    public static TheoryData<string, string> InFiles() => At(FieldPlaces.ExperimentFile);

    public static TheoryData<string, string> InCommands() => At(FieldPlaces.Command);

    public static TheoryData<string, string> All() => At(FieldPlaces.None);

    [Theory]
    [MemberData(nameof(RecordNames))]
    public void Every_property_is_one_field_and_names_occur_once(string record)
    {
        var (own, described) = Of(record).Properties;

        Assert.Equal(own, described);
        Assert.Equal(Of(record).Fields.Distinct(), Of(record).Fields);
    }

    [Theory]
    [MemberData(nameof(InFiles))]
    public void An_experiment_file_sets_it_alone(string record, string field)
    {
        var (written, read, alone) = Of(record).FromFile(field);

        Assert.Equal(written, read);
        Assert.True(alone);
    }

    [Theory]
    [MemberData(nameof(InCommands))]
    public void An_option_sets_it_alone(string record, string field)
    {
        var (written, read, alone) = Of(record).FromCommand(field);

        Assert.Equal(written, read);
        Assert.True(alone);
        var verb = Of(record).Verb!.Split(' ').Aggregate((Command)AmnreCommand.Root(),
            (command, name) => command.Subcommands.Single(one => one.Name == name));
        Assert.Contains(Of(record).OptionName(field), verb.Options.Select(option => option.Name));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_value_that_cannot_be_is_refused_under_its_name(string record, string field) =>
        Assert.All(Of(record).Refused(field), refused => Assert.Equal(field, refused.Named));

    /// <summary>The test above has something to find in all but texts, flags and counts without bounds.</summary>
    [Fact]
    public void Most_fields_refuse_something() =>
        Assert.All(Train.Fields.Except(["simulator", "masks", "filter"]), field => Assert.NotEmpty(Train.Refused(field)));

    [Theory]
    [MemberData(nameof(InFiles))]
    public void The_schema_describes_it(string record, string field)
    {
        var definition = Of(record).Definition!;
        var properties = (SchemaFile["$defs"]![definition] ?? SchemaFile["properties"]![definition])!["properties"]!;
        Assert.True(JsonNode.DeepEquals(Of(record).Schema(field), properties[field]),
            $"in experiments/experiment.schema.json, below '{definition}', write \"{field}\": {Of(record).Schema(field).ToJsonString(Readable)},");
    }

    [Theory]
    [MemberData(nameof(InFiles))]
    public void The_page_has_its_row(string record, string field)
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "experiment-file.md"));
        var start = page.IndexOf(Of(record).Heading!, StringComparison.Ordinal);
        var part = page[start..page.IndexOf("\n## ", start + 1, StringComparison.Ordinal)];
        Assert.True(part.Split('\n').Contains(Of(record).Row(field)),
            $"in docs/experiment-file.md, below '{Of(record).Heading}', write {Of(record).Row(field)}");
    }

    [Theory]
    [MemberData(nameof(RecordNames))]
    public void The_document_of_a_job_keeps_every_value(string record) => Assert.True(Of(record).SurvivesDocument());

    [Fact]
    public void A_models_file_keeps_every_value_under_its_name()
    {
        var folder = Directory.CreateTempSubdirectory("amnre-test-");
        try
        {
            var path = Path.Combine(folder.FullName, "model.json");
            var settings = Train.Changed with { Replicates = null };
            new ModelFile(settings, new TrainInputs("a.h5"), "model.pth", null).Write(path);

            var again = ModelFile.Read(path).Settings;

            Assert.All(TrainSettings.Fields, field => Assert.True(field.AreSame(settings, again), field.Name));
            var keys = JsonNode.Parse(File.ReadAllText(path))!.AsObject().Select(one => one.Key);
            Assert.Empty(TrainSettings.Fields.At(FieldPlaces.ModelFile).Select(field => field.Name).Except(keys));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("learning_rate", "lr")]
    [InlineData("model.hidden_size", "model.hidden_size")]
    [InlineData("masks[1]", "masks[1]")]
    [InlineData("ams_grad", "amsgrad")]
    [InlineData("chunk_rows", "chunk_size")]
    [InlineData("last", "indices[1]")]
    [InlineData("unknown", "unknown")]
    public void Keys_of_documents_are_shown_by_the_names_of_fields(string key, string name) => Assert.Equal(name, SettingName.OfKey(key));

    private static readonly JsonSerializerOptions Readable =
        new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static RecordLaw Of(string name) => Records.Single(record => record.Name == name);

    private static TheoryData<string, string> At(FieldPlaces places) =>
        [.. from record in Records from field in record.Fields where record.PlacesOf(field).HasFlag(places) select (record.Name, field)];
}
