using Amnre.Engine.Programs;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Catalog;

/// <summary>The simulator of a trained model, also where its manifest or pack has moved since the training.</summary>
public static class ModelSimulator
{
    /// <summary>The one that was named; else the one of the model's settings at its place of then; else beside the model, by the same name
    /// or, a manifest, by the same content.</summary>
    /// <param name="model">Path of the weights.</param>
    /// <param name="reference">As the model's settings name it.</param>
    /// <param name="given">Named instead; null for none.</param>
    /// <exception cref="InputException">It is at none of these places, or has changed.</exception>
    public static ISimulator Find(string model, string reference, string? given)
    {
        if (given is not null) return SimulatorCatalog.Find(given);
        var (path, digest) = SimulatorReference.Split(reference);
        if (!SimulatorReference.IsPath(path) || PlainFile.Exists(Path.GetFullPath(path))) return SimulatorCatalog.Find(reference);
        var folder = Path.GetDirectoryName(Path.GetFullPath(model))!;
        var beside = Path.Combine(folder, Path.GetFileName(path));
        var found = PlainFile.Exists(beside) ? beside : digest is null ? null : Manifests(folder).FirstOrDefault(one => IsOf(one, digest));
        return found is null
            ? throw new InputException($"simulator '{path}', for which '{model}' was trained, is not there any more: put its file beside " +
                "the model, or name it with --simulator")
            : SimulatorCatalog.Find(digest is null ? found : SimulatorReference.Join(found, digest));
    }

    private static IEnumerable<string> Manifests(string folder) =>
        Directory.EnumerateFiles(folder).Where(file => Path.GetExtension(file) is ".yaml" or ".yml").Order(StringComparer.Ordinal);

    private static bool IsOf(string file, string digest)
    {
        try
        {
            return ManifestReader.Read(file).Digest == digest;
        }
        catch (InputException)
        {
            return false; // Something else, such as an experiment.
        }
    }
}
