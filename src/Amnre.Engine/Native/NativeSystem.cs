using System.Runtime.InteropServices;

namespace Amnre.Engine.Native;

/// <summary>What the running system offers to native libraries.</summary>
internal static partial class NativeSystem
{
    /// <summary>One sentence: operating system, architecture, version of the C library.</summary>
    public static string Describe() =>
        $"Found: {RuntimeInformation.OSDescription} ({RuntimeInformation.ProcessArchitecture}), glibc {LibcVersion() ?? "none"}.";

    private static string? LibcVersion()
    {
        try
        {
            return Marshal.PtrToStringUTF8(GnuLibcVersion());
        }
        catch (EntryPointNotFoundException)
        {
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "gnu_get_libc_version")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint GnuLibcVersion();
}
