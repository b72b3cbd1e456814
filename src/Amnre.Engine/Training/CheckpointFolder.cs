using System.Globalization;
using System.Security.Cryptography;
using Amnre.Engine.Checkpoints;

namespace Amnre.Engine.Training;

/// <summary>The checkpoints of one training: <c>checkpoint-&lt;epoch&gt;-&lt;step&gt;-&lt;SHA-256&gt;.safetensors</c>, the last two of them.</summary>
/// <remarks>The name carries the digest of the content, so a file that was cut or changed is known for it and passed over. A write
/// that is killed leaves a <c>.tmp</c>, which the next write removes.</remarks>
internal sealed class CheckpointFolder(string path)
{
    private const string Prefix = "checkpoint-", Ending = ".safetensors", Aside = ".tmp";
    private const int Kept = 2;

    public void Save(int epoch, int step, SafetensorsFile content)
    {
        Directory.CreateDirectory(path);
        var aside = Path.Combine(path, $"{Guid.NewGuid():N}{Aside}");
        string digest;
        using (var file = new FileStream(aside, FileMode.CreateNew, FileAccess.ReadWrite))
        {
            content.Write(file);
            file.Flush(flushToDisk: true);
            file.Position = 0;
            digest = Convert.ToHexStringLower(SHA256.HashData(file));
        }

        var name = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{epoch:D8}-{step:D8}-{digest}{Ending}");
        File.Move(aside, Path.Combine(path, name), overwrite: true);
        FolderSync.Flush(path);
        foreach (var old in Newest().Skip(Kept)) File.Delete(old);
        foreach (var torn in Directory.EnumerateFiles(path, $"*{Aside}")) File.Delete(torn);
    }

    /// <summary>The newest whole checkpoint that <paramref name="belongs"/>; null when there is none.</summary>
    public SafetensorsFile? Latest(Predicate<SafetensorsFile> belongs) =>
        Directory.Exists(path) ? Newest().Select(Read).FirstOrDefault(content => content is not null && belongs(content)) : null;

    private static SafetensorsFile? Read(string file)
    {
        try
        {
            using (var stream = File.OpenRead(file))
                if (!Path.GetFileName(file).Contains(Convert.ToHexStringLower(SHA256.HashData(stream)), StringComparison.Ordinal))
                    return null;
            return SafetensorsFile.Read(file);
        }
        catch (Exception error) when (error is InputException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // Names of fixed width, so that their order is that of the steps.
    private IEnumerable<string> Newest() =>
        Directory.EnumerateFiles(path, $"{Prefix}*{Ending}").OrderByDescending(Path.GetFileName, StringComparer.Ordinal);
}
