using System.Globalization;

namespace Amnre.Engine.Checkpoints;

/// <summary>Floating-point numbers as Python prints them, so that files written here look like the original's.</summary>
internal static class PythonNumber
{
    /// <summary>The shortest digits that give the number back: <c>10.0</c>, <c>0.001</c>, <c>1e-06</c>, <c>nan</c>.</summary>
    public static string Text(double value)
    {
        if (double.IsNaN(value)) return "nan";
        if (double.IsInfinity(value)) return value > 0 ? "inf" : "-inf";

        var (digits, point) = Digits(value.ToString("R", CultureInfo.InvariantCulture));
        var exponent = point - 1;
        var sign = double.IsNegative(value) ? "-" : "";
        if (exponent is < -4 or >= 16)
            return $"{sign}{digits[0]}{(digits.Length > 1 ? "." : "")}{digits[1..]}e{(exponent < 0 ? "-" : "+")}{Math.Abs(exponent):00}";
        if (point <= 0) return $"{sign}0.{new string('0', -point)}{digits}";
        return point >= digits.Length
            ? $"{sign}{digits}{new string('0', point - digits.Length)}.0"
            : $"{sign}{digits[..point]}.{digits[point..]}";
    }

    /// <summary>The significant digits of .NET's round-trip text, and where the decimal point stands in them.</summary>
    private static (string Digits, int Point) Digits(string text)
    {
        var mantissa = text.TrimStart('-');
        var shift = 0;
        var e = mantissa.IndexOf('E', StringComparison.Ordinal);
        if (e >= 0)
        {
            shift = int.Parse(mantissa.AsSpan(e + 1), CultureInfo.InvariantCulture);
            mantissa = mantissa[..e];
        }

        var dot = mantissa.IndexOf('.', StringComparison.Ordinal);
        var point = (dot < 0 ? mantissa.Length : dot) + shift;
        var all = mantissa.Replace(".", "", StringComparison.Ordinal);
        var digits = all.TrimStart('0');
        if (digits.Length == 0) return ("0", 1);
        return (digits.TrimEnd('0') is { Length: > 0 } trimmed ? trimmed : "0", point - (all.Length - digits.Length));
    }
}
