using System.Numerics;
using Amnre.Engine;
using Amnre.Engine.Catalog;
using Amnre.Engine.Datasets;
using Amnre.Engine.Training;
using Amnre.Jobs.Submissions;

namespace Amnre.Experiments.Plans;

/// <summary>What a plan takes at least of disk and memory, by the numbers in its file.</summary>
/// <param name="DiskBytes">Rows of all datasets, uncompressed, once, and copies of files; while a dataset is put together its
/// shards take as much again.</param>
/// <param name="MemoryBytes">Weights of the largest training.</param>
/// <param name="Model">Which training that is; null without one.</param>
public sealed record PlanNeeds(BigInteger DiskBytes, BigInteger MemoryBytes, string? Model)
{
    public static PlanNeeds Of(ExperimentFile experiment)
    {
        var simulator = SimulatorCatalog.Find(experiment.Simulator);
        using var processes = simulator as IDisposable;
        // Compressed rows may take any part of it; files are copied into the store as they are.
        var disk = experiment.Datasets.Where(dataset => dataset.Settings.Compress == 0)
            .Aggregate((BigInteger)experiment.Files.Sum(file => file.Bytes),
                (sum, dataset) => sum + DatasetSize.Bytes(simulator, dataset.Settings.Rows));
        var largest = experiment.Models.SelectMany(model => model.Search?.Candidates.Select(one => one.Model) ?? [model])
            .Where(model => model.Combine is null && model.Settings.Device.IsCpu)
            .Select(model => (model.Name, Bytes: TrainingMemory.Bytes(model.Settings, simulator)))
            .OrderByDescending(one => one.Bytes).FirstOrDefault();
        return new PlanNeeds(disk, largest.Bytes, largest.Name);
    }

    /// <param name="parts">The documents of one file.</param>
    public static PlanNeeds Of(IReadOnlyList<ExperimentFile> parts)
    {
        var needs = parts.Select(Of).ToList();
        var largest = needs.MaxBy(one => one.MemoryBytes)!;
        return largest with { DiskBytes = needs.Aggregate(BigInteger.Zero, (sum, one) => sum + one.DiskBytes) };
    }

    /// <inheritdoc cref="DiskNeed.Require"/>
    public void Require(string store) => DiskNeed.Require(DiskBytes, store);

    /// <summary>Sentences on what there may not be enough of here.</summary>
    /// <param name="store">Null when none was named.</param>
    /// <param name="memory">Bytes of this machine.</param>
    public IEnumerable<string> Warnings(string? store, long memory)
    {
        if (store is not null && FreeSpace.At(store) is { } space && DiskBytes > space.Free)
            yield return $"the rows of all datasets take {ByteText.Of(DiskBytes)}, and store '{store}' has {ByteText.Of(space.Free)} " +
                "free: what is not there yet may not fit";
        if (MemoryBytes > memory)
            yield return $"the network of model '{Model}' takes at least {ByteText.Of(MemoryBytes)} of memory to train, and this machine " +
                $"has {ByteText.Of(memory)}: train it on one that has more";
    }
}
