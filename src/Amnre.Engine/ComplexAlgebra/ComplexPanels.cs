namespace Amnre.Engine.ComplexAlgebra;

/// <summary>Factors of a complex matrix product, laid out as <see cref="ComplexProduct"/> reads them.</summary>
internal static class ComplexPanels
{
    /// <summary>Rows of the left factor that are taken together.</summary>
    public const int Rows = 6;

    /// <summary>Columns of the right factor that are taken together.</summary>
    public const int Columns = 8;

    /// <summary>Groups that <paramref name="count"/> rows or columns fill.</summary>
    public static int Groups(int count, int together) => (count + together - 1) / together;

    /// <summary>Floats of a left factor of (rows, inner).</summary>
    public static int LeftLength(int rows, int inner) => Groups(rows, Rows) * inner * Rows * 2;

    /// <summary>Floats of a right factor of (inner, columns).</summary>
    public static int RightLength(int inner, int columns) => Groups(columns, Columns) * inner * Columns * 2;

    /// <summary>Where row <paramref name="row"/> has its inner index 0: real, then imaginary part; the next index is 12 floats
    /// on.</summary>
    public static int LeftStart(int row, int inner) => (row / Rows * inner * Rows + row % Rows) * 2;

    public const int LeftStep = Rows * 2;

    /// <summary>Where the real part of (inner 0, <paramref name="column"/>) lies; the imaginary one is 8 floats on, the next index
    /// 16.</summary>
    public static int RightStart(int column, int inner) => column / Columns * inner * Columns * 2 + column % Columns;

    public const int RightStep = Columns * 2;
}
