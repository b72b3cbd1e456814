namespace Amnre.Engine.Fields;

/// <summary>Where a user meets a field.</summary>
[Flags]
public enum FieldPlaces
{
    /// <summary>Only in the settings of a job.</summary>
    None = 0,

    /// <summary>As a field of an experiment file.</summary>
    ExperimentFile = 1,

    /// <summary>As an option of a command.</summary>
    Command = 2,

    /// <summary>As a key of a trained model's settings.</summary>
    ModelFile = 4,
}

/// <summary>What is to be said of a field beyond its name, value and help.</summary>
internal sealed record FieldTraits<TValue>
{
    /// <summary>The numbers that are allowed; null for all.</summary>
    public ValueRange? Range { get; init; }

    /// <summary>What is wrong with a value, in words that follow the field's name; null when nothing is.</summary>
    public Func<TValue, string?>? Check { get; init; }

    /// <summary>Null for the common form of the type.</summary>
    public ValueForm<TValue>? Form { get; init; }

    /// <summary>Null for those of its table.</summary>
    public FieldPlaces? Places { get; init; }

    /// <summary>The original has no such option: what is cut short means one of the original's first.</summary>
    public bool IsOwn { get; init; }

    /// <summary>Its option may be given without a value.</summary>
    public bool MayBeEmpty { get; init; }

    /// <summary>What documents say instead of the default; null for the default itself.</summary>
    public string? DefaultText { get; init; }
}
