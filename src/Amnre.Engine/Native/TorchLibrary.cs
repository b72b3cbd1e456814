using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using TorchSharp;

namespace Amnre.Engine.Native;

/// <summary>Loads the native tensor library: libtorch, packaged or of an installed PyTorch, and TorchSharp's bridge to it.</summary>
public static class TorchLibrary
{
    /// <summary>Environment variable that names the <c>lib</c> folder of an installed PyTorch to use instead of the packaged
    /// libtorch.</summary>
    public const string FolderVariable = "AMNRE_TORCH";

    private const string Bridge = "libLibTorchSharp.so", Torch = "libtorch.so", TorchCpu = "libtorch_cpu.so";

    /// <summary>What libtorch.so needs, each after what it needs itself.</summary>
    private static readonly string[] SiblingsFirst = ["libgomp-*.so*", "libc10.so", TorchCpu];

    /// <summary>The version that TorchSharp's bridge is built against.</summary>
    private const string TorchVersion = "2.10";

    private const string Needs =
        "Needed: 64-bit Linux (x64) with glibc 2.34 or newer and libstdc++ of GCC 11 or newer: Debian 12, Ubuntu 22.04, RHEL 9 or later.";

    private static readonly Lock Gate = new();
    private static string? _loadedFrom;

    /// <summary>The folder that libtorch came from; null where it is not loaded, or not by this.</summary>
    public static string? LoadedFrom
    {
        get
        {
            lock (Gate) return _loadedFrom;
        }
    }

    /// <summary>Loads the library if that has not been done; every other call returns at once. Call before the first tensor.</summary>
    /// <param name="torchLibraryFolder">The <c>lib</c> folder of an installed PyTorch; null means <see cref="FolderVariable"/>,
    /// and without it the packaged libtorch.</param>
    /// <exception cref="InputException">It cannot be loaded here; says what was found, what is needed and the remedy.</exception>
    public static void EnsureLoaded(string? torchLibraryFolder = null)
    {
        // Elsewhere TorchSharp finds its packages by itself.
        if (!OperatingSystem.IsLinux()) return;

        lock (Gate)
        {
            var folder = torchLibraryFolder ?? Environment.GetEnvironmentVariable(FolderVariable);
            if (string.IsNullOrWhiteSpace(folder)) folder = null;
            if (_loadedFrom is not null)
            {
                if (torchLibraryFolder is not null && Path.GetFullPath(torchLibraryFolder) != _loadedFrom)
                    throw new InputException(
                        $"libtorch is already loaded from '{_loadedFrom}', so '{torchLibraryFolder}' cannot be used: name the folder " +
                            "before the first use");
                return;
            }

            _loadedFrom = Load(folder is null ? null : Path.GetFullPath(folder));
        }
    }

    /// <summary>Sets the number of CPU threads of this process's tensor operations.</summary>
    public static void SetThreads(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        EnsureLoaded();
        if (torch.get_num_threads() != threads) torch.set_num_threads(threads);
    }

    [SupportedOSPlatform("linux")]
    private static string Load(string? folder)
    {
        var bridge = Packaged(Bridge)
            ?? throw new InputException($"The tensor library's file {Bridge} is missing beside the program ({AppContext.BaseDirectory}): " +
                "publish or install it again.");
        var torchFile = folder is null ? Packaged(Torch) : Path.Combine(folder, Torch);
        if (torchFile is null || !File.Exists(torchFile))
            throw new InputException(folder is null
                ? $"The packaged libtorch ({Torch}) is missing beside the program ({AppContext.BaseDirectory}): install it again, or set " +
                    $"{FolderVariable} to the lib folder of an installed PyTorch {TorchVersion}."
                : $"'{folder}' holds no {Torch}: set {FolderVariable} to the folder torch/lib of an installed PyTorch {TorchVersion}.");
        if (Probed(TorchCpu) is { } probed && Path.GetDirectoryName(probed) != Path.GetDirectoryName(torchFile))
            throw new InputException(
                $"This program carries a libtorch where the runtime finds it by itself ('{probed}'), so '{folder}' cannot be used beside " +
                    $"it: use a build without it (LibTorch=cpu), or unset {FolderVariable}.");

        ThreadWaiting.Shorten();

        // By full path and before the libraries that need them: LD_LIBRARY_PATH goes before the folder of a library's user, but not before
        // one that is loaded.
        foreach (var sibling in SiblingsFirst)
            foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(torchFile)!, sibling)) TryLoad(file, out _, out _);

        // libtorch.so brings its siblings (and, in a CUDA build, the CUDA ones) from its own folder; once they are loaded, the
        // bridge's needs are met by their names, wherever the bridge lies.
        if (!TryLoad(torchFile, out _, out var error))
            throw new InputException($"libtorch at '{torchFile}' does not load: {error}. {NativeSystem.Describe()} {Needs} Remedy: " +
                $"{OtherLibraries()}a newer system or a container.");

        HeapRetention.Apply();
        if (TryLoad(Path.Combine(Path.GetDirectoryName(torchFile)!, TorchCpu), out var kernels, out _)) MatrixKernels.Release(kernels);

        if (!TryLoad(bridge, out var handle, out error))
            handle = LoadRelaxed(bridge, error);

        NativeLibrary.SetDllImportResolver(typeof(torch).Assembly, (name, _, _) => name == "LibTorchSharp" ? handle : 0);
        torch.set_num_interop_threads(1);
        return Path.GetDirectoryName(torchFile)!;
    }

    private static nint LoadRelaxed(string bridge, string firstError)
    {
        var copy = BridgeCopy.Write(bridge);
        return TryLoad(copy, out var handle, out var error)
            ? handle
            : throw new InputException(
                $"TorchSharp's library '{bridge}' does not load: {firstError}; nor does the copy '{copy}' made for older systems: {error}. "
                + $"{NativeSystem.Describe()} {Needs} Remedy: {OtherLibraries()}a newer system or a container; with {FolderVariable} " +
                    $"set, a PyTorch of version {TorchVersion}; "
                + "where programs may not be run from the cache folder, set XDG_CACHE_HOME to one where they may.");
    }

    /// <summary>Where the user told the system to look for libraries first, that may be the cause.</summary>
    private static string OtherLibraries() => Environment.GetEnvironmentVariable("LD_LIBRARY_PATH") is { Length: > 0 } path
        ? $"unset LD_LIBRARY_PATH, which is '{path}' and may lead to other libraries (module unload …); else " : "";

    private static bool TryLoad(string file, out nint handle, out string reason)
    {
        try
        {
            handle = NativeLibrary.Load(file);
            reason = "";
            return true;
        }
        catch (Exception error) when (error is DllNotFoundException or BadImageFormatException)
        {
            handle = 0;
            reason = error.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[0];
            return false;
        }
    }

    /// <summary>A file that came with the program.</summary>
    private static string? Packaged(string file) =>
        new[] { Path.Combine(AppContext.BaseDirectory, "libtorch", file) }.FirstOrDefault(File.Exists) ?? Probed(file);

    /// <summary>A file in one of the folders where the runtime itself looks for libraries.</summary>
    private static string? Probed(string file) =>
        (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "").Split(Path.PathSeparator,
            StringSplitOptions.RemoveEmptyEntries)
        .Append(AppContext.BaseDirectory)
        .Select(folder => Path.Combine(folder, file))
        .FirstOrDefault(File.Exists);
}
