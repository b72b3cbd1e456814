using System.Text.RegularExpressions;

namespace Amnre.Engine.Native;

/// <summary>The version of libtorch that this process uses or would use. Asking does not load it.</summary>
public static partial class TorchVersion
{
    /// <summary>Of the libtorch that comes with the program; TorchSharp knows it too, but loads libtorch to tell.</summary>
    internal const string Packaged = "2.10.0";

    public static string Here { get; } = Environment.GetEnvironmentVariable(TorchLibrary.FolderVariable) is { Length: > 0 } folder
        ? Of(folder) : Packaged;

    /// <param name="libraries">The <c>lib</c> folder of an installed PyTorch, beside which it keeps its version.</param>
    internal static string Of(string libraries)
    {
        var file = Path.Combine(libraries, "..", "version.py");
        return File.Exists(file) && Assignment().Match(PlainFile.Text(file)) is { Success: true } match
            ? match.Groups[1].Value
            : "of an installed PyTorch";
    }

    [GeneratedRegex("""^__version__ *= *['"]([^'"]+)['"]""", RegexOptions.Multiline)]
    private static partial Regex Assignment();
}
