namespace Amnre.Engine;

/// <summary>An input that the caller can correct: its message names the thing, the value and the remedy.</summary>
/// <remarks>Counts as a user failure: running again unchanged gives the same end.</remarks>
public class InputException : Exception
{
    public InputException(string message) : base(message) { }

    public InputException(string message, Exception inner) : base(message, inner) { }
}
