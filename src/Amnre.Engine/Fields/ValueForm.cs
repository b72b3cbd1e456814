using System.Text.Json.Nodes;

namespace Amnre.Engine.Fields;

/// <summary>How values of one type are written in files and options. Every reader and writer of such a value takes it from here.</summary>
public abstract class ValueForm<T>
{
    /// <summary>The value that <paramref name="raw"/> stands for, or what is wrong with it.</summary>
    public abstract Reading<T> Read(RawValue raw);

    /// <summary>The value as a person would write it; empty for none.</summary>
    public abstract string Text(T value);

    /// <summary>JSON schema of the value in an experiment file; also null, which counts as absent.</summary>
    public abstract JsonObject Schema();

    /// <summary>All values there are; empty where they cannot be listed.</summary>
    public virtual IReadOnlyList<T> Choices => [];

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

    /// <summary>The form of values of type <typeparamref name="T"/>: any enumeration, or one of the types above.</summary>
    public static ValueForm<T> For<T>() => typeof(T).IsEnum ? new ChoiceForm<T>() : Common.OfType<ValueForm<T>>().FirstOrDefault()
        ?? throw new NotSupportedException($"values of {typeof(T)} have no common form: give their field one");
}
