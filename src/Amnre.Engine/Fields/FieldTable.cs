using System.Collections;
using System.Runtime.CompilerServices;

namespace Amnre.Engine.Fields;

/// <summary>All settings of a record, in the order in which they are written. A new setting is a property of the record and a line
/// here: files, options, checks, schema and documents follow from it.</summary>
/// <param name="defaults">Settings with every default.</param>
/// <param name="places">Where a user meets a field that says nothing else.</param>
public sealed class FieldTable<TSettings>(TSettings defaults, FieldPlaces places) : IReadOnlyList<Field<TSettings>>
{
    private readonly List<Field<TSettings>> _fields = [];

    /// <summary>Settings with every default; what has none is empty.</summary>
    public TSettings Defaults => defaults;

    public int Count => _fields.Count;

    public Field<TSettings> this[int index] => _fields[index];

    /// <summary>The field of that name.</summary>
    public Field<TSettings> this[string name] => _fields.Find(field => field.Name == name)
        ?? throw new KeyNotFoundException($"{typeof(TSettings).Name} has no field '{name}'");

    /// <summary>Those met in all of <paramref name="at"/>.</summary>
    public IEnumerable<Field<TSettings>> At(FieldPlaces at) => _fields.Where(field => (field.Places & at) == at);

    public IEnumerator<Field<TSettings>> GetEnumerator() => _fields.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>One for each value that cannot be, whatever the others are: the field's name and a sentence.</summary>
    internal IEnumerable<(string Field, string Message)> Errors(TSettings settings) =>
        from field in _fields
        let error = field.Error(settings)
        where error is not null
        select (field.Name, error);

    /// <summary>Those, and what cannot be together.</summary>
    /// <param name="settings">All settings.</param>
    /// <param name="together">Found by checks of several fields; named by properties, or by keywords in one.</param>
    internal IReadOnlyList<(string Field, string Message)> With(
        TSettings settings, IEnumerable<(string Property, string Message)> together) =>
        [.. Errors(settings), .. together.Select(error => (NameOf(error.Property), error.Message))];

    /// <summary>The name of the field that a property, or a keyword in one, belongs to: <c>model.hidden_size</c>.</summary>
    internal string NameOf(string path)
    {
        var dot = path.IndexOf('.', StringComparison.Ordinal);
        var property = dot < 0 ? path : path[..dot];
        return (_fields.Find(field => field.Property.Split(", ").Contains(property))?.Name ?? property) + (dot < 0 ? "" : path[dot..]);
    }

    /// <summary>Adds a field whose value is one property.</summary>
    internal void Add<TValue>(
        string name, Func<TSettings, TValue> get, Func<TSettings, TValue, TSettings> set, string help,
        FieldTraits<TValue>? traits = null, [CallerArgumentExpression(nameof(get))] string expression = "") =>
        Add(name, expression[(expression.LastIndexOf('.') + 1)..], get, set, help, traits ?? new());

    /// <summary>Adds a field whose value is made of some properties, separated by commas.</summary>
    internal void Add<TValue>(
        string name, string properties, Func<TSettings, TValue> get, Func<TSettings, TValue, TSettings> set, string help,
        FieldTraits<TValue> traits) =>
        _fields.Add(new Field<TSettings, TValue>(name, help, properties, places, defaults, get, set, traits));
}
