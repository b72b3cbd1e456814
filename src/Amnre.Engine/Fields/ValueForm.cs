using System.Text.Json.Nodes;

namespace Amnre.Engine.Fields;

/// <summary>How values of one type are written in files and options. Every reader and writer of such a value takes it from here.</summary>
public abstract class ValueForm<TValue>
{
    /// <summary>The value that <paramref name="raw"/> stands for, or what is wrong with it.</summary>
    public abstract Reading<TValue> Read(RawValue raw);

    /// <summary>The value as a user would write it; empty for none.</summary>
    public abstract string Text(TValue value);

    /// <summary>JSON schema of the value in an experiment file; also null, which counts as absent.</summary>
    public abstract JsonObject Schema();

    /// <summary>All values there are; empty where they cannot be listed.</summary>
    public virtual IReadOnlyList<TValue> Choices => [];

    /// <summary>Least and largest number of values that an option takes.</summary>
    public virtual (int Min, int Max) Items => (1, 1);
}

/// <summary>The forms of common types.</summary>
public static class ValueForm
{
    private static readonly object[] Common =
    [
        new TextForm(), new FlagForm(), NumberForms.Integer, new OptionalForm<int>(NumberForms.Integer), NumberForms.LongInteger,
        NumberForms.Seed, NumberForms.Real, new OptionalForm<double>(NumberForms.Real), new TextsForm(),
        new ListForm<double>(NumberForms.Real), new ListForm<bool>(new FlagForm()), new KeywordsForm(),
    ];

    /// <summary>The form of values of type <typeparamref name="TValue"/>: any enumeration, or one of the types above.</summary>
    public static ValueForm<TValue> For<TValue>() => typeof(TValue).IsEnum
        ? new ChoiceForm<TValue>()
        : Common.OfType<ValueForm<TValue>>().FirstOrDefault()
            ?? throw new NotSupportedException($"values of {typeof(TValue)} have no common form: give their field one");
}
