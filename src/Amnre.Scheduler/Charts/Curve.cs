namespace Amnre.Scheduler.Charts;

/// <summary>A curve of a chart.</summary>
/// <param name="Key">Stable, so that a refresh changes the line instead of redrawing it.</param>
/// <param name="Colour">From 0; names a class of the style sheet.</param>
/// <param name="Dashed">Tells training from validation without colour, as in the figures.</param>
public sealed record Curve(string Key, string Title, int Colour, bool Dashed, IReadOnlyList<Point> Points);
