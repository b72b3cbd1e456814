namespace Amnre.Engine.Sampling;

/// <summary>An estimate gives no probability to an observation, so that nothing can be drawn of it; others may do.</summary>
internal sealed class NoDrawsException(string message) : InputException(message);
