namespace Amnre.Engine.Verdicts;

/// <summary>How many rows a verdict is measured on.</summary>
public static class VerdictRows
{
    /// <summary>Fewer tell nothing of calibration.</summary>
    public const int Least = 64;

    /// <summary>Unless told otherwise: regions that hold 10 % too few of the true values are seen.</summary>
    public const int Default = 512;
}
