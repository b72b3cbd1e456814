namespace Amnre.Engine.Histograms;

/// <summary>The regular cells of an interval.</summary>
internal static class CellGrid
{
    /// <summary>The cell that holds <paramref name="value"/>; values at or beyond a bound belong to the last cell there.</summary>
    public static int CellOf(float value, double low, double high, int bins) =>
        Math.Clamp((int)((value - low) * bins / (high - low)), 0, bins - 1);
}
