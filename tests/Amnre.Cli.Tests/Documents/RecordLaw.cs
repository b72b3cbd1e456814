using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Amnre.Cli.Spelling;
using Amnre.Engine.Fields;
using Amnre.Experiments.Fields;
using Amnre.Jobs.Specs;
using YamlDotNet.RepresentationModel;

namespace Amnre.Cli.Tests.Documents;

/// <summary>One record of settings with all the places that a person meets it in.</summary>
public abstract record RecordLaw(string Name, string? Verb, string? Heading, string? Definition)
{
    public abstract IReadOnlyList<string> Fields { get; }

    /// <summary>Properties that decide results, and those that fields speak of.</summary>
    public abstract (IReadOnlyList<string> Own, IReadOnlyList<string> Described) Properties { get; }

    public abstract FieldPlaces PlacesOf(string field);

    /// <summary>A value that is not the default, as it is written, and the settings' text of it after reading it from a file.</summary>
    public abstract (string Written, string Read, bool Alone) FromFile(string field);

    public abstract (string Written, string Read, bool Alone) FromCommand(string field);

    /// <summary>What is said of values that cannot be, each with the field that it names.</summary>
    public abstract IReadOnlyList<(string Value, string Named)> Refused(string field);

    public abstract JsonObject Schema(string field);

    public abstract string Row(string field);

    public abstract string OptionName(string field);

    /// <summary>Whether settings that differ from the defaults in everything survive the document that fingerprints are made of.</summary>
    public abstract bool SurvivesDocument();
}

/// <inheritdoc/>
public sealed record RecordLaw<TSettings>(
    FieldTable<TSettings> Table, string? Verb, string? Heading, string? Definition,
    Func<TSettings, IEnumerable<(string Field, string)>> Check)
    : RecordLaw(typeof(TSettings).Name, Verb, Heading, Definition)
{
    /// <summary>For each field the first that it takes and that is not its default is a value of it.</summary>
    private static readonly string[] Values = ["true", "false", "FL", "cosine", "best", "chains", "exact", "importance", "mixture", "keep",
        "corner", "cuda:1", "[3, 5]", "{\"num_layers\": 2}", "[0.25, 0.5]", "[true, false]", "[=1, 011]", "3", "0.25",
        "100", "coverage", "{\"coverage\": 0.03}", "other"];

    private static readonly string[] Impossible = ["-1", "-0.5", "0", "1", "1.5", "1e9", "tpu", "drop", "many", "[5, 3]", "[2.5]"];

    public override IReadOnlyList<string> Fields => [.. Table.Select(one => one.Name)];

    public override (IReadOnlyList<string> Own, IReadOnlyList<string> Described) Properties => (
        [.. typeof(TSettings).GetProperties().Where(property => property.CanWrite).Select(property => property.Name).Order()],
        [.. Table.SelectMany(one => one.Property.Split(", ")).Order()]);

    /// <summary>The defaults with another value of each field.</summary>
    public TSettings Changed => Table.Aggregate(Table.Defaults,
        (settings, one) => one.Read(settings, Raw(Other(one))).Value);

    public override FieldPlaces PlacesOf(string field) => Table[field].Places;

    public override JsonObject Schema(string field) => Table[field].Schema();

    public override string OptionName(string field) => Table[field].OptionName;

    public override string Row(string field)
    {
        var one = Table[field];
        var isCode = one.DefaultText == one.Text(Table.Defaults) && !one.IsFlag && !double.TryParse(one.DefaultText, out _);
        var usual = one.DefaultText.Length == 0 ? "" : isCode ? $" `{one.DefaultText}`" : $" {one.DefaultText}";
        return $"| `{one.Name}` |{usual} | {one.Help} |";
    }

    public override (string Written, string Read, bool Alone) FromFile(string field)
    {
        var written = Other(Table[field]);
        var section = new Section("test", Mapping($"{field}: {written}"), new ErrorList("test.yaml"));
        var read = section.Settings(Table, Table.Defaults);
        return (Table[field].Text(Direct(field, written)), Table[field].Text(read), IsAlone(field, read));
    }

    public override (string Written, string Read, bool Alone) FromCommand(string field)
    {
        var written = Other(Table[field]);
        var options = new FieldOptions<TSettings>(Table, Table.Defaults);
        var verb = new Command("verb");
        foreach (var option in options.Original.Concat(options.Own)) verb.Options.Add(option);
        var root = new RootCommand { verb };
        string[] values = Raw(written) switch
        {
            RawValue.Sequence list => [.. list.Items],
            RawValue.Mapping => [written],
            _ => [written],
        };
        var spelt = CommandLine.Translate(root, ["verb", Table[field].OptionName[1..], .. values]);
        Assert.Empty(spelt.Errors);
        var parsed = root.Parse(spelt.Words, new ParserConfiguration { ResponseFileTokenReplacer = null });
        Assert.Empty(parsed.Errors);
        var read = options.Read(options.Given(parsed));
        return (Table[field].Text(Direct(field, written)), Table[field].Text(read), IsAlone(field, read));
    }

    public override IReadOnlyList<(string Value, string Named)> Refused(string field)
    {
        var refused = new List<(string, string)>();
        foreach (var value in Impossible)
        {
            var (settings, complaint) = Table[field].Read(Table.Defaults, Raw(value));
            if (complaint is not null)
                refused.Add((value, complaint.OfField(field).Contains(field, StringComparison.Ordinal) ? field : ""));
            else if (Table[field].Error(settings) is not null)
                refused.Add((value, Check(settings).FirstOrDefault(error => error.Field == field).Field ?? ""));
        }

        return refused;
    }

    public override bool SurvivesDocument()
    {
        var again = CanonicalJson.Read<TSettings>(CanonicalJson.Write(Changed));
        return Table.All(field => field.AreSame(Changed, again) && !field.AreSame(Changed, Table.Defaults));
    }

    private bool IsAlone(string changed, TSettings settings) =>
        Table.All(field => field.AreSame(settings, Table.Defaults) == (field.Name != changed));

    private TSettings Direct(string field, string written) => Table[field].Read(Table.Defaults, Raw(written)).Value;

    private string Other(Field<TSettings> field) => Values.First(value =>
        field.Read(Table.Defaults, Raw(value)) is { Complaint: null, Value: var settings }
        && !field.AreSame(settings, Table.Defaults) && field.Error(settings) is null);

    private static RawValue Raw(string text) =>
        text.StartsWith('[') ? new RawValue.Sequence(text[1..^1].Split(", "))
        : text.StartsWith('{') ? new RawValue.Mapping(JsonSerializer.Deserialize<JsonObject>(text)!)
        : new RawValue.Scalar(text);

    private static YamlMappingNode Mapping(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return (YamlMappingNode)stream.Documents[0].RootNode;
    }
}
