using System.Text.RegularExpressions;

namespace Amnre.Engine.Native;

/// <summary>The version of libtorch that this process uses or would use. Asking does not load it.</summary>
public static partial class TorchVersion
{
    /// <summary>Of the libtorch that comes with the program; TorchSharp knows it too, but loads libtorch to tell.</summary>
    internal const string Packaged = "2.10.0";

    public static string Here { get; } = Environment.GetEnvironmentVariable(TorchLibrary.FolderVariable) is { Length: > 0 } folder ? Of(folder) : Packaged;

    /// <param name="libraries">The <c>lib</c> folder of an installed PyTorch, beside which it keeps its version.</param>
    internal static string Of(string libraries)
    {
        const string Unknown = "of an installed PyTorch";
        try
        {
            return Assignment().Match(File.ReadAllText(Path.Combine(libraries, "..", "version.py"))) is { Success: true } match ? match.Groups[1].Value : Unknown;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return Unknown; // Whether it can be used is said where it is loaded.
        }
    }

    [GeneratedRegex("""^__version__ *= *['"]([^'"]+)['"]""", RegexOptions.Multiline)]
    private static partial Regex Assignment();
}
