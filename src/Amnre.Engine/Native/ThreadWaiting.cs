using System.Runtime.InteropServices;

namespace Amnre.Engine.Native;

/// <summary>Lets the tensor library's threads sleep soon when they wait for one another.</summary>
/// <remarks>GNU OpenMP spins for about a millisecond before a thread sleeps, which saves a wake-up on a machine of one's own, but on a
/// shared one keeps the processor from the very thread that is waited for: with as many other processes as processors, a network of
/// 7×256 ran 8 to 20 times slower. The library itself spins this short where it knows of more threads than processors.</remarks>
internal static partial class ThreadWaiting
{
    private const string SpinCount = "GOMP_SPINCOUNT", Policy = "OMP_WAIT_POLICY";

    /// <summary>As many as the library takes for itself on crowded processors.</summary>
    private const string Short = "1000";

    /// <summary>Call before the library is loaded, which reads its environment once. What the user has set stays.</summary>
    public static void Shorten()
    {
        if (Environment.GetEnvironmentVariable(SpinCount) is not null || Environment.GetEnvironmentVariable(Policy) is not null) return;
        // The runtime's own environment is a copy that native code does not see.
        Set(SpinCount, Short, overwrite: 0);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Set(string name, string value, int overwrite);
}
