using System.Globalization;
using System.Security.Cryptography;
using Amnre.Engine.Checkpoints;

namespace Amnre.Engine.Training;

/// <summary>The checkpoints of one training: <c>checkpoint-&lt;epoch&gt;-&lt;step&gt;-&lt;SHA-256&gt;.safetensors</c>, the last two of
/// them. A folder that vanishes with its file system is not made again below the mount point.</summary>
/// <remarks>The name carries the digest of the content, so a file that was cut or changed is known for it and passed over. A write
/// that is killed leaves a <c>.tmp</c>, which the next write removes.</remarks>
internal sealed class CheckpointFolder(string path)
{
    private const string Prefix = "checkpoint-", Ending = ".safetensors", Aside = ".tmp";
    private const int Kept = 2;

    /// <summary>Checkpoints of other trainings: removed with the first of this one, before which nothing is lost.</summary>
    private readonly List<string> _others = [];

    /// <summary>Makes the folder, with those above it, before the first step.</summary>
    public void Make() => Directory.CreateDirectory(path);

    /// <exception cref="IOException">The disk is full, or the folder is gone.</exception>
    public void Save(int epoch, int step, SafetensorsFile content)
    {
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
        foreach (var other in _others) File.Delete(other);
        _others.Clear();
        foreach (var old in Newest().Skip(Kept)) File.Delete(old);
        foreach (var torn in Directory.EnumerateFiles(path, $"*{Aside}")) File.Delete(torn);
    }

    /// <summary>The newest whole checkpoint of the training to resume; null when there is none.</summary>
    /// <param name="difference">Why one is not of it, as a clause; null when it is.</param>
    /// <param name="note">Receives where the training resumes, and a sentence on what is skipped and why.</param>
    /// <remarks>Checkpoints of other inputs are skipped rather than refused: a training from the start is right whatever lay in the folder,
    /// and a job that refused would wait for a user.</remarks>
    public SafetensorsFile? Latest(Func<SafetensorsFile, string?> difference, Action<string> note)
    {
        if (!Directory.Exists(path)) return null;
        var passed = 0;
        string? changed = null;
        foreach (var file in Newest())
        {
            var (content, error) = Read(file);
            if (content is not null)
            {
                var own = difference(content);
                if (own is null)
                {
                    note($"resumes from {PlaceOf(file)}: '{file}'");
                    return content;
                }

                changed ??= own;
                _others.Add(file);
                continue;
            }

            passed++;
            note($"checkpoint '{file}' is skipped: {error}");
        }

        if (changed is not null) note($"the checkpoints in '{path}' are not resumed, {changed}: begins with the first epoch");
        else if (passed > 0) note("no whole checkpoint is left: begins with the first epoch");
        return null;
    }

    private static string PlaceOf(string file) => Path.GetFileName(file).Split('-') is [_, var epoch, var step, ..]
        && int.TryParse(epoch, CultureInfo.InvariantCulture, out var epochs)
        && int.TryParse(step, CultureInfo.InvariantCulture, out var steps)
        ? string.Create(CultureInfo.InvariantCulture, $"epoch {epochs}, step {steps}") : "an older checkpoint";

    private static (SafetensorsFile? Content, string? Error) Read(string file)
    {
        try
        {
            string digest;
            using (var stream = PlainFile.Open(file)) digest = Convert.ToHexStringLower(SHA256.HashData(stream));
            return Path.GetFileName(file).Contains(digest, StringComparison.Ordinal)
                ? (SafetensorsFile.Read(file), null) : (null, $"it is damaged, its SHA-256 is {digest} and not that of its name");
        }
        catch (Exception error) when (error is InputException or IOException or UnauthorizedAccessException)
        {
            return (null, error.Message);
        }
    }

    // Names of fixed width, so that their order is that of the steps.
    private IEnumerable<string> Newest() =>
        Directory.EnumerateFiles(path, $"{Prefix}*{Ending}").OrderByDescending(Path.GetFileName, StringComparer.Ordinal);
}
