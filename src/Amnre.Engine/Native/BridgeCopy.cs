using System.Security.Cryptography;

namespace Amnre.Engine.Native;

/// <summary>The copy of TorchSharp's native bridge that loads with the libstdc++ of GCC 11 and 12.</summary>
/// <remarks>TorchSharp 0.107.0 is built with GCC 13. Of what is newer, <c>ios_base_library_init</c> (GLIBCXX_3.4.32) is named but
/// never called, and <c>condition_variable::wait</c> (GLIBCXX_3.4.30) is the same function that GLIBCXX_3.4.11 has.</remarks>
internal static class BridgeCopy
{
    public static readonly IReadOnlyDictionary<string, string?> Relaxed = new Dictionary<string, string?>
    {
        ["GLIBCXX_3.4.32"] = null,
        ["GLIBCXX_3.4.30"] = "GLIBCXX_3.4.11",
    };

    /// <summary>Makes the copy in the user's cache folder, or finds it there with exactly the right content.</summary>
    /// <returns>Its path.</returns>
    /// <exception cref="InputException">The library is not the one this was made for, or no folder can be written.</exception>
    public static string Write(string bridge)
    {
        byte[] copy;
        try
        {
            copy = ElfVersionNeeds.Relax(PlainFile.Bytes(bridge), Relaxed);
        }
        catch (FormatException error)
        {
            throw new InputException($"'{bridge}' cannot be adapted to this system's libstdc++: {error.Message.TrimEnd('.')}. Install " +
                "the program again, or use a system with libstdc++ of GCC 13 or newer.", error);
        }

        var name = $"libLibTorchSharp-{Convert.ToHexStringLower(SHA256.HashData(copy))[..16]}.so";
        try
        {
            return WriteInto(CacheFolder(), name, copy);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A home that cannot be written (full, read-only, absent) must not stop a worker; a private folder where no other user can
            // plant files will do.
            return WriteInto(Directory.CreateTempSubdirectory("amnre-native-").FullName, name, copy);
        }
    }

    /// <summary>Writes <paramref name="content"/> as <paramref name="name"/> unless that very content is there already.</summary>
    public static string WriteInto(string folder, string name, byte[] content)
    {
        var path = Path.Combine(folder, name);
        if (!Holds(path, content)) AtomicFile.Write(path, stream => stream.Write(content));
        return path;
    }

    private static bool Holds(string path, byte[] content) =>
        File.Exists(path) && new FileInfo(path).Length == content.Length && PlainFile.Bytes(path).AsSpan().SequenceEqual(content);

    private static string CacheFolder()
    {
        var root = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        if (string.IsNullOrEmpty(root) || !Path.IsPathRooted(root))
        {
            var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            if (home.Length == 0) throw new IOException("there is no home folder");
            root = Path.Combine(home, ".cache");
        }

        return Path.Combine(root, "amnre", "native");
    }
}
