using System.Reflection;
using Amnre.Engine;
using Amnre.Jobs.Artifacts;

namespace Amnre.Scheduler.Cluster;

/// <summary>The batch script of workers, <c>deploy/slurm/worker.sbatch</c>, which the program carries.</summary>
internal static class WorkerScript
{
    private const string Name = "worker.sbatch";

    /// <summary>Puts it into the store, where <c>sbatch</c> finds it.</summary>
    /// <returns>Its path.</returns>
    /// <exception cref="SlurmException">The store is not there now; nothing is made in its place.</exception>
    public static string Place(string store)
    {
        if (!StoreIdentity.IsIn(store))
            throw new SlurmException($"the store '{store}' is not there, and its workers would find nothing: is its file system mounted?");
        var folder = Path.Combine(store, "slurm");
        Directory.CreateDirectory(folder);
        Directory.CreateDirectory(Path.Combine(store, "logs"));
        var path = Path.Combine(folder, Name);
        var text = Text();
        if (File.Exists(path) && PlainFile.Text(path) == text) return path;
        var aside = $"{path}.{Environment.ProcessId}";
        using (var file = new StreamWriter(File.Create(aside)))
        {
            file.Write(text);
            file.Flush();
            ((FileStream)file.BaseStream).Flush(flushToDisk: true);
        }

        File.Move(aside, path, overwrite: true);
        return path;
    }

    internal static string Text()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Name)
            ?? throw new InvalidOperationException($"{Name} is not part of this program");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
