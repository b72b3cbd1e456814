namespace Amnre.Experiments.Fields;

/// <summary>One thing wrong with an experiment file.</summary>
/// <param name="File">Path as the user gave it.</param>
/// <param name="Line">1-based line of the error.</param>
/// <param name="Message">Names the thing, the value and the remedy.</param>
public sealed record ValidationError(string File, long Line, string Message)
{
    public override string ToString() => $"{File}:{Line}: {Message}";
}

/// <summary>An experiment that cannot be submitted, with everything that is wrong with it.</summary>
public sealed class ExperimentException(IReadOnlyList<ValidationError> errors)
    : Exception(string.Join(Environment.NewLine, errors))
{
    /// <summary>In the order of their lines; never empty.</summary>
    public IReadOnlyList<ValidationError> Errors { get; } = errors;

    /// <summary>The file was not read to its end: it had too many.</summary>
    public bool MayBeMore { get; init; }
}
