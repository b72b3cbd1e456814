using Amnre.Engine;
using Amnre.Engine.Imports;
using Amnre.Engine.Settings;
using Amnre.Jobs.Specs;

namespace Amnre.Jobs.Artifacts;

/// <summary>Copies of users' files in a store, <c>inputs/ab/abcd…</c>: by the SHA-256 of their content, so that each content lies there
/// once and its name says what must be in it. Workers read no other files of users'.</summary>
public sealed class StoreInputs(ArtifactStore store)
{
    public const string Folder = "inputs";

    private const int DigestDigits = 64;

    /// <summary>Whether a text can be the name of a copy.</summary>
    public static bool IsDigest(string? text) => text is { Length: DigestDigits } && text.All(char.IsAsciiHexDigitLower);

    /// <summary>Where the copy of that content is, or would be.</summary>
    /// <exception cref="InputException">That is no digest.</exception>
    public string PathOf(string sha256) => IsDigest(sha256)
        ? store.Absolute($"{Folder}/{sha256[..2]}/{sha256}")
        : throw new InputException($"'{sha256}' is no SHA-256 of a file: that has {DigestDigits} hexadecimal digits");

    /// <summary>Copies into the store what is not there whole.</summary>
    /// <param name="files">With their content when they were planned.</param>
    /// <param name="clock">Says from when on a copy is young, and left alone by garbage collection.</param>
    /// <param name="cancel">Cancels between two pieces.</param>
    /// <exception cref="InputException">A file has changed since it was planned, or is gone.</exception>
    /// <exception cref="IOException">The store cannot be written.</exception>
    public void Take(IEnumerable<LocalFile> files, TimeProvider clock, CancellationToken cancel)
    {
        foreach (var file in files.DistinctBy(file => file.Sha256))
        {
            var place = PathOf(file.Sha256);
            if (!PlainFile.Exists(place) || FileContent.DigestOf(place, cancel) != file.Sha256)
                FileContent.Copy(file.Path, place, file.Sha256, cancel);
            else
                Touch(place, clock);
        }
    }

    /// <summary>Before jobs are written that read them.</summary>
    /// <exception cref="InputException">A file that the plan imports is not in the store.</exception>
    public void Require(ExperimentPlan plan)
    {
        foreach (var job in plan.Jobs.Where(job => job.Kind == JobKind.Import))
            foreach (var file in ArrayImport.FilesOf(CanonicalJson.Read<ImportSettings>(job.Settings)))
                if (!PlainFile.Exists(PathOf(file.Sha256)))
                    throw new InputException($"job '{job.Name}' imports '{file.Name}', which is not in the store: submit with --store " +
                        "where both the file and the store are; a scheduler takes no files through its address");
    }

    private static void Touch(string place, TimeProvider clock)
    {
        try
        {
            File.SetLastWriteTimeUtc(place, clock.GetUtcNow().UtcDateTime);
        }
        catch (UnauthorizedAccessException)
        {
            // Another user's copy serves as it is; that user's experiments keep it.
        }
    }
}
