using System.Text.Json;
using Amnre.Experiments.Fields;
using Amnre.Experiments.Reading;
using Amnre.Experiments.Tests.OwnData;
using Amnre.Testing;

namespace Amnre.Experiments.Tests;

/// <summary>The schema that editors complete and check experiment files by knows the reader's fields, and no others.</summary>
public sealed class SchemaTests
{
    /// <summary>One section of each kind, so that the reader looks for every field.</summary>
    private const string Specimen =
        """
        name: all
        simulator: SLCP
        defaults: { models: { epochs: 1 } }
        datasets:
          s: { rows: 100, resources: { cpus: 1 } }
        observations:
          o: { file: obs.csv }
        models:
          s:
            samples: s
            masks: [=1]
            resources: { cpus: 1 }
            sweep: { random: { count: 1, fields: { lr: { choice: [1e-3] } } } }
          t: { samples: s, epochs: 2, search: { over: { grid: { lr: [1e-3, 1e-4] } }, metric: train.loss, halving: { first: 1 } } }
        evaluations:
          s: { data: s, masks: [=1] }
        figures:
          s: { type: corner, evaluation: s, items: [{ models: s }] }
        """;

    private static readonly JsonElement Schema =
        JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "experiments", "experiment.schema.json"))).RootElement;

    public static TheoryData<string, string> Sections() => new()
    {
        { "experiment", "" }, { "experiment.defaults", "defaults" }, { "datasets.s", "dataset" },
        { "observations.o", "observation" }, { "models.s", "model" },
        { "evaluations.s", "evaluation" }, { "figures.s", "figure" }, { "figures.s.items[0]", "item" },
        { "datasets.s.resources", "resources" }, { "models.s.resources", "modelResources" },
        { "models.s.sweep", "sweep" }, { "models.t.search", "search" },
        { "models.t.search.halving", "halving" },
        { "models.t.search.over", "sweep" },
        { "models.s.sweep.random", "random" }, { "models.s.sweep.random.fields.lr", "distribution" },
    };

    [Theory]
    [MemberData(nameof(Sections))]
    public void The_fields_of_a_section_are_those_that_its_reader_looks_for(string section, string definition)
    {
        var asked = new SortedDictionary<string, SortedSet<string>>();
        using var folder = new ArrayFolder();
        File.WriteAllText(folder["obs.csv"], "1,2,3,4,5,6,7,8\n");
        ExperimentReader.Read(Specimen, folder["all.yaml"], new ErrorList("all.yaml", (title, key) =>
        {
            if (!asked.TryGetValue(title, out var keys)) asked[title] = keys = [];
            keys.Add(key);
        }));

        var described = definition switch
        {
            "" => Schema,
            "defaults" => Schema.GetProperty("properties").GetProperty("defaults"),
            _ => Schema.GetProperty("$defs").GetProperty(definition),
        };
        Assert.False(described.GetProperty("additionalProperties").GetBoolean());
        Assert.Equal(asked[section],
            described.GetProperty("properties").EnumerateObject().Select(property => property.Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("", "## Top level")]
    [InlineData("dataset", "## `datasets`")]
    [InlineData("observation", "## `observations`")]
    [InlineData("model", "## `models`")]
    [InlineData("evaluation", "## `evaluations`")]
    [InlineData("figure", "## `figures`")]
    [InlineData("item", "The `items` of a corner")]
    [InlineData("resources", "## Resources")]
    [InlineData("sweep", "## Sweeps")]
    [InlineData("search", "### Searches")]
    [InlineData("halving", "### Searches")]
    [InlineData("random", "## Sweeps")]
    [InlineData("distribution", "## Sweeps")]
    public void The_documents_explain_every_field(string definition, string heading)
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "experiment-file.md"));
        var start = page.IndexOf(heading, StringComparison.Ordinal);
        var end = page.IndexOf("\n## ", start + 1, StringComparison.Ordinal);
        var part = page[start..(end < 0 ? page.Length : end)];
        var described = definition.Length == 0 ? Schema : Schema.GetProperty("$defs").GetProperty(definition);

        Assert.All(described.GetProperty("properties").EnumerateObject(), field => Assert.True(
            part.Contains($"`{field.Name}`", StringComparison.Ordinal) || part.Contains($"{{ {field.Name}:", StringComparison.Ordinal),
            field.Name));
    }

    [Fact]
    public void Every_definition_is_compared() =>
        Assert.Equal(
            Schema.GetProperty("$defs").EnumerateObject().Select(one => one.Name).Except(["texts", "numbers"]).Order(),
            Sections().Select(row => row.Data.Item2).Distinct().Except(["", "defaults"]).Order());

    [Theory]
    [MemberData(nameof(DocumentedExperimentsTests.Files), MemberType = typeof(DocumentedExperimentsTests))]
    public void Experiment_files_point_editors_to_the_schema(string file)
    {
        var line = File.ReadLines(Path.Combine(Repository.Root, file)).First();

        const string Word = "# yaml-language-server: $schema=";
        Assert.StartsWith(Word, line, StringComparison.Ordinal);
        Assert.Equal(
            Path.Combine(Repository.Root, "experiments", "experiment.schema.json"),
            Path.GetFullPath(line[Word.Length..], Path.GetDirectoryName(Path.Combine(Repository.Root, file))!));
    }
}
