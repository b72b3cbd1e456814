using System.Text.Json;
using System.Text.Json.Nodes;

namespace Amnre.Engine.Fields;

/// <summary>One setting: everything that readers, writers, checks and documents of it need.</summary>
public abstract class Field<TSettings>
{
    private protected Field(string name, string help, string property, FieldPlaces places)
    {
        (Name, Help, Property, Places) = (name, help, property, places);
    }

    /// <summary>What it is called wherever a user meets it: <c>lr</c>.</summary>
    public string Name { get; }

    /// <summary>One or two sentences for the option's help, the schema and the documents.</summary>
    public string Help { get; }

    /// <summary>Name of the record's property: <c>LearningRate</c>; several, separated by commas, where the value is made of
    /// them.</summary>
    public string Property { get; }

    /// <summary>Where a user meets it.</summary>
    public FieldPlaces Places { get; }

    /// <summary>Its option: <c>--min-lr</c> for <c>min_lr</c>.</summary>
    public string OptionName => $"--{Name.Replace('_', '-')}";

    /// <summary>The original has no such option.</summary>
    public abstract bool IsOwn { get; }

    /// <summary>Whether it is true or false.</summary>
    public abstract bool IsFlag { get; }

    /// <summary>Least and largest number of values that its option takes.</summary>
    public abstract (int Min, int Max) Items { get; }

    /// <summary>Its default as documents say it; empty for none.</summary>
    public abstract string DefaultText { get; }

    /// <summary>All values that it may have, as they are written; empty where they cannot be listed.</summary>
    public abstract IReadOnlyList<string> Choices { get; }

    /// <summary>Its value as a user would write it; empty for none.</summary>
    public abstract string Text(TSettings settings);

    /// <summary>The settings with the value that was written, or what is wrong with it.</summary>
    public abstract Reading<TSettings> Read(TSettings settings, RawValue raw);

    /// <summary>The settings with the value that <paramref name="other"/> has.</summary>
    public abstract TSettings Copy(TSettings settings, TSettings other);

    /// <summary>Whether both have the same value.</summary>
    public abstract bool AreSame(TSettings one, TSettings other);

    /// <summary>What is wrong with its value, whatever the others are; null when nothing is.</summary>
    public abstract string? Error(TSettings settings);

    /// <summary>JSON schema of it in an experiment file.</summary>
    public abstract JsonObject Schema();

    /// <summary>Its value.</summary>
    internal abstract object? Value(TSettings settings);

    /// <summary>The settings with the value that JSON has.</summary>
    /// <exception cref="FormatException">It is not of the field's type.</exception>
    internal abstract TSettings ReadJson(TSettings settings, JsonNode json);
}

/// <inheritdoc/>
internal sealed class Field<TSettings, TValue>(
    string name, string help, string property, FieldPlaces places, TSettings defaults,
    Func<TSettings, TValue> get, Func<TSettings, TValue, TSettings> set, FieldTraits<TValue> traits)
    : Field<TSettings>(name, help, property, traits.Places ?? places)
{
    private readonly ValueForm<TValue> _form = traits.Form ?? ValueForm.For<TValue>();

    public override bool IsOwn => traits.IsOwn;

    public override bool IsFlag => typeof(TValue) == typeof(bool);

    public override (int Min, int Max) Items => _form.Items with { Min = traits.MayBeEmpty ? 0 : _form.Items.Min };

    public override string DefaultText => traits.DefaultText ?? Text(defaults);

    public override IReadOnlyList<string> Choices => [.. _form.Choices.Where(value => Error(value) is null).Select(_form.Text)];

    public override string Text(TSettings settings) => _form.Text(get(settings));

    public override Reading<TSettings> Read(TSettings settings, RawValue raw) => _form.Read(raw).Select(value => set(settings, value));

    public override TSettings Copy(TSettings settings, TSettings other) => set(settings, get(other));

    public override bool AreSame(TSettings one, TSettings other) =>
        JsonNode.DeepEquals(JsonSerializer.SerializeToNode(get(one)), JsonSerializer.SerializeToNode(get(other)));

    public override string? Error(TSettings settings) => Error(get(settings));

    public override JsonObject Schema()
    {
        var schema = new JsonObject { ["description"] = Help };
        if (Choices is [_, ..] choices) schema["enum"] = new JsonArray([.. choices.Select(name => (JsonNode)name), null]);
        else
            foreach (var (key, value) in _form.Schema()) schema[key] = value?.DeepClone();
        if (!schema.ContainsKey("items")) traits.Range?.Describe(schema);
        return schema;
    }

    internal override object? Value(TSettings settings) => get(settings);

    internal override TSettings ReadJson(TSettings settings, JsonNode json)
    {
        try
        {
            // Deserialised lists may contain nulls despite non-nullable element types.
            return json.Deserialize<TValue>() is { } value && !(json is JsonArray items && items.Contains(null))
                ? set(settings, value) : throw new FormatException($"'{Name}' holds a null");
        }
        catch (JsonException wrong)
        {
            throw new FormatException($"'{Name}' is not of its kind: {json.ToJsonString()}", wrong);
        }
    }

    private string? Error(TValue value) => traits.Range?.Error(value) ?? traits.Check?.Invoke(value);
}
